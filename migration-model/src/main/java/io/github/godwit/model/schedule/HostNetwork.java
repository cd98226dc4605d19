package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * Where a host is connected: NICs are full duplex, so that what it sends and what it receives do not share.
 *
 * @param host name of the host
 * @param rack name of its rack; an empty string where racks do not matter
 * @param out  what it sends
 * @param in   what it receives
 */
public record HostNetwork(String host, String rack, NetworkLink out, NetworkLink in) {

    /**
     * @throws IllegalArgumentException when a part is missing
     */
    public HostNetwork {
        Checks.named("host", host);
        Checks.present("rack of host " + host, rack);
        Checks.present("outbound link of host " + host, out);
        Checks.present("inbound link of host " + host, in);
    }

    /** A host in no rack whose NIC carries no applications. */
    public static HostNetwork idle(String host, Bandwidth nic) {
        return new HostNetwork(host, "", new NetworkLink(host + " out", nic), new NetworkLink(host + " in", nic));
    }

    /** A copy in another rack. */
    public HostNetwork inRack(String other) {
        return new HostNetwork(host, other, out, in);
    }
}
