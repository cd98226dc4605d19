package io.github.godwit.host.nic;

import java.util.List;

/**
 * The NIC by which this host's migrations leave towards one peer.
 *
 * @param device   the device to which the kernel routes them, for example a VLAN or a bridge; classes of traffic on it see untagged packets
 * @param carriers the devices below it whose counters and rates count ({@link Carriers}), for example the bond below the VLAN; usually one
 */
public record OutgoingNic(String device, List<String> carriers) {

    /** Copies the list. */
    public OutgoingNic {
        carriers = List.copyOf(carriers);
    }

    /** Whether packets reach the carriers as the device sends them, so that rules on the device see all that competes with a migration. */
    public boolean isItsOwnCarrier() {
        return carriers.equals(List.of(device));
    }

    /** The device and what is below it, for people. */
    @Override
    public String toString() {
        return isItsOwnCarrier() ? device : device + " on " + String.join(" and ", carriers);
    }
}
