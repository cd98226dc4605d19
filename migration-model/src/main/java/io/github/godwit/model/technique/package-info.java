/** The migration techniques of QEMU, their settings for QEMU and libvirt, and which hosts can run them. */
package io.github.godwit.model.technique;
