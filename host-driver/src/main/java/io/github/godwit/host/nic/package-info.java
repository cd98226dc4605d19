/** The network devices of this host: which of them carries what another one sends, by which one migrations leave, and their traffic. */
package io.github.godwit.host.nic;
