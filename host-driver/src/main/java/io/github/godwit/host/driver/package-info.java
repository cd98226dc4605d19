/** Assembles the host driver from its parts, on plain QEMU or on the libvirt of Nova. */
package io.github.godwit.host.driver;
