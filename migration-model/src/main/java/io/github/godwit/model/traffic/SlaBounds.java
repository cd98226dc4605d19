package io.github.godwit.model.traffic;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * The rates to keep for the applications of one VM while it migrates.
 *
 * @param lower what they must keep ([Thesis 2025], algorithm 2: at medium urgency a migration leaves this much of the link)
 * @param upper what they should keep, at least {@code lower} (at low urgency it leaves this much)
 */
public record SlaBounds(Bandwidth lower, Bandwidth upper) {

    /** Nothing to keep. */
    public static final SlaBounds NONE = new SlaBounds(Bandwidth.ZERO, Bandwidth.ZERO);

    /**
     * @throws IllegalArgumentException when a rate is missing or {@code lower} is more than {@code upper}
     */
    public SlaBounds {
        Checks.present("sla_lower", lower);
        Checks.present("sla_upper", upper);
        if (lower.compareTo(upper) > 0) {
            throw new IllegalArgumentException(
                    "The sla_lower (%s) must not be more than the sla_upper (%s).".formatted(lower, upper));
        }
    }

    /** The sum, for the applications of two VMs. */
    public SlaBounds plus(SlaBounds other) {
        return new SlaBounds(lower.plus(other.lower), upper.plus(other.upper));
    }

    /** A share of both. */
    SlaBounds times(double share) {
        return new SlaBounds(times(lower, share), times(upper, share));
    }

    private static Bandwidth times(Bandwidth rate, double share) {
        return new Bandwidth(Math.round(rate.bitsPerSecond() * share));
    }
}
