/** The domains of a libvirt daemon, through libvirt's functions, and through QEMU's monitor for what libvirt does not offer. */
package io.github.godwit.host.libvirt;
