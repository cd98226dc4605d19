/** Bandwidth reservations by the traffic control of the kernel, and by Open vSwitch. */
package io.github.godwit.host.net;
