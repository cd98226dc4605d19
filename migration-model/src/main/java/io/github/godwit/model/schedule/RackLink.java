package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.List;

/**
 * One direction of the network between two racks ([FGCS 2025], section 4: one orchestrator for several racks). Every migration from a host
 * of the one rack to a host of the other shares it.
 *
 * @param from name of the rack that sends; an empty string for every rack but {@code to}
 * @param to   name of the rack that receives; an empty string for every rack but {@code from}
 * @param link its rate and what is on it
 */
public record RackLink(String from, String to, NetworkLink link) {

    /**
     * @throws IllegalArgumentException when a part is missing, or it leads from a rack to itself
     */
    public RackLink {
        Checks.present("rack that sends", from);
        Checks.present("rack that receives", to);
        Checks.present("link between racks", link);
        if (from.equals(to)) {
            throw new IllegalArgumentException(
                    "The link '%s' must lead from one rack to another, not from '%s' to itself."
                            .formatted(link.name(), from));
        }
    }

    /** A full-duplex link between two racks: one resource for each direction. */
    public static List<RackLink> between(String one, String other, Bandwidth capacity) {
        return List.of(
                new RackLink(one, other, new NetworkLink(one + " → " + other, capacity)),
                new RackLink(other, one, new NetworkLink(other + " → " + one, capacity)));
    }

    /** The uplink of a rack, shared by everything that leaves or enters it: one resource for each direction. */
    public static List<RackLink> uplink(String rack, Bandwidth capacity) {
        return List.of(
                new RackLink(rack, "", new NetworkLink(rack + " up", capacity)),
                new RackLink("", rack, new NetworkLink(rack + " down", capacity)));
    }

    /** Whether a migration between hosts of these racks crosses it. */
    boolean carries(String source, String destination) {
        return !source.equals(destination)
                && (from.isEmpty() || from.equals(source))
                && (to.isEmpty() || to.equals(destination));
    }
}
