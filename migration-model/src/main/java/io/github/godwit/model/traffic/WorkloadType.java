package io.github.godwit.model.traffic;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A class of workloads that follows from the rates of a VM ([Thesis 2025], section 4.4 and algorithm 1, line 5), with the bandwidth
 * that its applications are to keep while it migrates.
 *
 * @param name        such as {@code transactional}; lower case, digits and underscores, at most 63 characters
 * @param version     counts the operator's changes; 0 for what ships
 * @param description what such workloads do and need, for people
 * @param origin      where rates and bounds come from, for people
 * @param traffic     the directions that it has, at least one
 * @param atLeast     the lowest rate of its busier direction
 * @param below       the rate that its busier direction stays below, above {@code atLeast}; null for no limit
 * @param bounds      a pair of bounds for each urgency
 */
public record WorkloadType(
        String name,
        int version,
        String description,
        String origin,
        Set<TrafficClass> traffic,
        Bandwidth atLeast,
        Bandwidth below,
        Map<Urgency, SlaTerms> bounds) {

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /**
     * Copies the collections; a missing description or origin is empty.
     *
     * @throws IllegalArgumentException when a part is missing or out of its range
     */
    public WorkloadType {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not the name of a traffic class. Begin with a letter and use lower-case letters, digits and underscores, at most 63."
                            .formatted(name));
        }
        Checks.notNegative("version of traffic class " + name, version);
        description = description == null ? "" : description;
        origin = origin == null ? "" : origin;
        if (traffic == null || traffic.isEmpty()) {
            throw new IllegalArgumentException(
                    "Traffic class '%s' has no direction. Name at least one of idle, inbound, outbound, mixed."
                            .formatted(name));
        }
        traffic = Collections.unmodifiableSet(EnumSet.copyOf(traffic));
        Checks.present("lowest rate of traffic class " + name, atLeast);
        if (below != null && below.compareTo(atLeast) <= 0) {
            throw new IllegalArgumentException("In traffic class '%s', below (%s) must be more than at_least (%s)."
                    .formatted(name, below, atLeast));
        }
        Map<Urgency, SlaTerms> copy = new EnumMap<>(Urgency.class);
        copy.putAll(Checks.present("bounds of traffic class " + name, bounds));
        for (Urgency urgency : Urgency.values()) {
            if (copy.get(urgency) == null) {
                throw new IllegalArgumentException(
                        "Traffic class '%s' has no bounds for urgency %s.".formatted(name, urgency));
            }
        }
        bounds = Collections.unmodifiableMap(copy);
    }

    /** Whether a VM with this traffic is of the class. */
    boolean fits(Traffic of) {
        Bandwidth busier = busier(of);
        return traffic.contains(TrafficClass.of(of))
                && busier.compareTo(atLeast) >= 0
                && (below == null || busier.compareTo(below) < 0);
    }

    /** The rate of the busier direction. */
    static Bandwidth busier(Traffic of) {
        return of.in().compareTo(of.out()) > 0 ? of.in() : of.out();
    }
}
