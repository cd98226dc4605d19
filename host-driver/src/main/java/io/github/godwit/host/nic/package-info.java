/** The network devices of this host: which of them carries what another one sends, and by which one migrations leave. */
package io.github.godwit.host.nic;
