package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;

/**
 * The NIC of a host by which its migrations to one other host leave, and those from there arrive.
 *
 * @param name    name of the device, or null if the host driver does not say
 * @param link    its rate
 * @param traffic traffic on it, that of migrations included
 */
public record PeerNic(String name, Bandwidth link, Traffic traffic) {

    /** The NIC of a status that a host driver reports towards a peer. */
    public static PeerNic of(HostStatus towards) {
        return new PeerNic(
                towards.nic(), towards.profile().link(), towards.profile().traffic());
    }
}
