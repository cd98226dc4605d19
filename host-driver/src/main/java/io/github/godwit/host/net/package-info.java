/** Bandwidth reservations by the kernel's traffic control, and the traffic of network interfaces. */
package io.github.godwit.host.net;
