package io.github.godwit.strategy.plan;

import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.RackLink;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import java.util.Map;

/**
 * The racks of the hosts, and the links between racks, which all migrations between them share, as the operator declares them. A host
 * without a rack, and racks without a declared link, are limited by the NICs of the hosts alone.
 *
 * @param ofHosts name of the rack of each host, by the host's name
 * @param links   the links between racks, each direction as one
 */
public record Racks(Map<String, String> ofHosts, List<RackLink> links) {

    /** No rack is declared. */
    public static final Racks NONE = new Racks(Map.of(), List.of());

    private static final Bandwidth ANY = Bandwidth.ofMegabits(1);

    /**
     * Copies both.
     *
     * @throws IllegalArgumentException if a link names a rack without hosts
     */
    public Racks {
        ofHosts = Map.copyOf(ofHosts);
        links = List.copyOf(links);
        for (RackLink link : links) {
            for (String rack : List.of(link.from(), link.to())) {
                if (!rack.isEmpty() && !ofHosts.containsValue(rack)) {
                    throw new IllegalArgumentException(
                            "A link names rack '%s', which has no hosts. List them under racks.".formatted(rack));
                }
            }
        }
    }

    /** Returns the rack of a host, or an empty text. */
    public String of(String host) {
        return ofHosts.getOrDefault(host, "");
    }

    /** Returns the links between racks that a migration between two hosts crosses. */
    public List<NetworkLink> between(String source, String destination) {
        if (links.isEmpty()) {
            return List.of();
        }
        HostNetwork from = HostNetwork.idle(source, ANY).inRack(of(source));
        HostNetwork to = HostNetwork.idle(destination, ANY).inRack(of(destination));
        List<NetworkLink> crossed =
                new Topology(List.of(from, to), links, List.of()).ways().crossed(source, destination);
        return crossed.subList(1, crossed.size() - 1); // without the NICs
    }
}
