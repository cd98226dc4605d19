/** The client outside the Linux guests: it drives their workload and measures what it gets, in a process of its own. */
package io.github.godwit.lab.client;
