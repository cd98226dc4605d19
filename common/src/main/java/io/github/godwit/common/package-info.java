/** What every Godwit process needs and no domain owns: threads, processes, addresses, names of hosts, files that change or hold secrets. */
package io.github.godwit.common;
