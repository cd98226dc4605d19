/** QMP, the protocol of QEMU's monitor: connections, events, and the settings of a migration. */
package io.github.godwit.host.qmp;
