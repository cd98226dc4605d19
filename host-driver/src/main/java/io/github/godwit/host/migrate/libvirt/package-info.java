/** Migrations that the host driver itself has libvirt perform, where no Nova does, and what libvirt has no words for. */
package io.github.godwit.host.migrate.libvirt;
