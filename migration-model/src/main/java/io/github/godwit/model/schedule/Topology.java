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
 * @param hosts     the hosts, each once, with the links that their VMs use, and by which migrations leave and arrive unless
 *                  {@code towards} says otherwise
 * @param rackLinks links between racks, declared by the operator; racks without one do not limit each other
 * @param towards   other links of some of the hosts for migrations to and from a certain host, each pair once
 */
public record Topology(List<HostNetwork> hosts, List<RackLink> rackLinks, List<PeerNetwork> towards) {

    /**
     * @throws IllegalArgumentException when a host, a pair of hosts or the name of a link occurs twice
     */
    public Topology {
        hosts = List.copyOf(Checks.present("hosts", hosts));
        rackLinks = List.copyOf(Checks.present("links between racks", rackLinks));
        towards = List.copyOf(Checks.present("links towards certain hosts", towards));
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
        Set<String> pairs = new HashSet<>();
        Set<NetworkLink> others = new HashSet<>();
        for (PeerNetwork each : towards) {
            once("pair of hosts", each.network().host() + " → " + each.peer(), pairs);
            others.add(each.network().out());
            others.add(each.network().in());
        }
        for (NetworkLink link : others) {
            once("link", link.name(), links);
        }
    }

    /** Hosts that only share NICs, each its only one. */
    public static Topology of(HostNetwork... hosts) {
        return new Topology(List.of(hosts), List.of(), List.of());
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

    /** All links, each once. */
    public List<NetworkLink> links() {
        Map<String, NetworkLink> links = new LinkedHashMap<>();
        hosts.forEach(host -> List.of(host.out(), host.in()).forEach(link -> links.put(link.name(), link)));
        rackLinks.forEach(each -> links.put(each.link().name(), each.link()));
        towards.forEach(each ->
                List.of(each.network().out(), each.network().in()).forEach(link -> links.put(link.name(), link)));
        return List.copyOf(links.values());
    }

    /** The ways between hosts, for many questions. */
    public Ways ways() {
        return new Ways(this);
    }

    /** Which links migrations cross. */
    public static final class Ways {
        private final Map<String, HostNetwork> usual;
        private final Map<List<String>, HostNetwork> towards = new LinkedHashMap<>();
        private final List<RackLink> rackLinks;

        private Ways(Topology topology) {
            usual = topology.byName();
            rackLinks = topology.rackLinks();
            topology.towards()
                    .forEach(each -> towards.put(List.of(each.network().host(), each.peer()), each.network()));
        }

        /** The links that a migration between two hosts of the topology crosses. */
        public List<NetworkLink> crossed(String source, String destination) {
            HostNetwork from = network(source, destination);
            HostNetwork to = network(destination, source);
            List<NetworkLink> crossed = new ArrayList<>();
            crossed.add(from.out());
            for (RackLink each : rackLinks) {
                if (each.carries(from.rack(), to.rack())) {
                    crossed.add(each.link());
                }
            }
            crossed.add(to.in());
            return crossed;
        }

        private HostNetwork network(String host, String peer) {
            return towards.getOrDefault(List.of(host, peer), usual.get(host));
        }
    }
}
