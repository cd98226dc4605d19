/** What every Godwit process needs and no domain owns: threads, processes, addresses, names of hosts. */
package io.github.godwit.common;
