/** The bandwidth of one migration from second to second: what is reserved for it on both hosts, and QEMU's own limit. */
package io.github.godwit.host.migrate.rate;
