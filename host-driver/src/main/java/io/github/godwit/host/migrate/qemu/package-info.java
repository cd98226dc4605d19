/** Migrations that the host driver itself runs in QEMU over QMP, on the source and on the destination. */
package io.github.godwit.host.migrate.qemu;
