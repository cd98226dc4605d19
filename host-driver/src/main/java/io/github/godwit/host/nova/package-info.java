/** What is said between nova-compute and the host driver of the same host. */
package io.github.godwit.host.nova;
