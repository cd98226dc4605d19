package io.github.godwit.model.reserve;

import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * The bandwidth that a migration leaves to the applications of a host in one direction: the sums of {@code sla_lower} and
 * {@code sla_upper} over the VMs that stay there ([Thesis 2025], algorithm 2).
 *
 * @param lower what they must keep
 * @param upper what they should keep, at least {@code lower}
 */
public record KeptBandwidth(Bandwidth lower, Bandwidth upper) {

    /** Nothing: no VM with traffic stays. */
    public static final KeptBandwidth NONE = new KeptBandwidth(Bandwidth.ZERO, Bandwidth.ZERO);

    /**
     * @throws IllegalArgumentException when a rate is missing or {@code lower} is more than {@code upper}
     */
    public KeptBandwidth {
        Checks.present("slaLower", lower);
        Checks.present("slaUpper", upper);
        if (lower.compareTo(upper) > 0) {
            throw new IllegalArgumentException(
                    "The slaLower (%s) must not be more than the slaUpper (%s).".formatted(lower, upper));
        }
    }

    /** The sum for both sets of applications. */
    public KeptBandwidth plus(KeptBandwidth other) {
        return new KeptBandwidth(lower.plus(other.lower), upper.plus(other.upper));
    }

    /**
     * What a migration leaves of the slower of both links: as much as the applications of the source keep of what they send and those of
     * the destination of what they receive, each on their own link. A link is never exceeded.
     *
     * @param outbound what the applications of the source keep of what they send
     * @param inbound  what the applications of the destination keep of what they receive
     */
    public static KeptBandwidth between(
            HostProfile source, KeptBandwidth outbound, HostProfile destination, KeptBandwidth inbound) {
        Bandwidth slower = source.link().min(destination.link());
        return new KeptBandwidth(
                slower.minus(source.link()
                        .minus(outbound.lower)
                        .min(destination.link().minus(inbound.lower))),
                slower.minus(source.link()
                        .minus(outbound.upper)
                        .min(destination.link().minus(inbound.upper))));
    }
}
