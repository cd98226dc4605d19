/** The lab's network: namespaces, shaped links, subnets and background traffic. */
package io.github.godwit.lab.net;
