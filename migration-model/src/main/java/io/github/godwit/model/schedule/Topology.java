package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The links of a cluster, and which of them a migration crosses: the source's outbound, the links between the racks, and the destination's
 * inbound.
 *
 * @param hosts     the hosts, each once
 * @param rackLinks links between racks, declared by the operator; racks without one do not limit each other
 */
public record Topology(List<HostNetwork> hosts, List<RackLink> rackLinks) {

    /**
     * @throws IllegalArgumentException when a host or the name of a link occurs twice
     */
    public Topology {
        hosts = List.copyOf(Checks.present("hosts", hosts));
        rackLinks = List.copyOf(Checks.present("links between racks", rackLinks));
        Set<String> names = new HashSet<>();
        Set<String> links = new HashSet<>();
        for (HostNetwork host : hosts) {
            once("host", host.host(), names);
            once("link", host.out().name(), links);
            once("link", host.in().name(), links);
        }
        for (RackLink each : rackLinks) {
            once("link", each.link().name(), links);
        }
    }

    /** Hosts that only share NICs. */
    public static Topology of(HostNetwork... hosts) {
        return new Topology(List.of(hosts), List.of());
    }

    private static void once(String what, String name, Set<String> seen) {
        if (!seen.add(name)) {
            throw new IllegalArgumentException("The %s '%s' occurs twice. Name each once.".formatted(what, name));
        }
    }

    /** The hosts by name. */
    public Map<String, HostNetwork> byName() {
        Map<String, HostNetwork> byName = new LinkedHashMap<>();
        hosts.forEach(host -> byName.put(host.host(), host));
        return byName;
    }

    /** The links that a migration between two hosts crosses. */
    public List<NetworkLink> crossed(HostNetwork source, HostNetwork destination) {
        List<NetworkLink> crossed = new ArrayList<>();
        crossed.add(source.out());
        for (RackLink each : rackLinks) {
            if (each.carries(source.rack(), destination.rack())) {
                crossed.add(each.link());
            }
        }
        crossed.add(destination.in());
        return crossed;
    }
}
