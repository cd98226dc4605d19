package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Checks;

/**
 * Where a host is connected for migrations to and from one other host, if that is another NIC than the usual one. Its VMs use the usual one.
 *
 * @param peer    name of the other host
 * @param network the host's links towards it
 */
public record PeerNetwork(String peer, HostNetwork network) {

    /**
     * @throws IllegalArgumentException when a part is missing
     */
    public PeerNetwork {
        Checks.named("peer", peer);
        Checks.present("network towards host " + peer, network);
    }
}
