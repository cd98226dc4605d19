/** The domains of a libvirt daemon: by libvirt's own functions, and by QEMU's monitor where libvirt has no word. */
package io.github.godwit.host.libvirt;
