/**
 * The steps of a migration that the host driver performs itself, whatever runs it: QEMU by its monitor, or libvirt. Its supervision is here too.
 */
package io.github.godwit.host.migrate.steps;
