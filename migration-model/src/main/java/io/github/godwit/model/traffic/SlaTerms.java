package io.github.godwit.model.traffic;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * The pair of SLA bounds of one class at one urgency.
 *
 * @param lower what applications must keep, never more than {@code upper}
 * @param upper what applications should keep
 */
public record SlaTerms(SlaBound lower, SlaBound upper) {

    /**
     * @throws IllegalArgumentException when a bound is missing, or {@code lower} may be more than {@code upper} for some VM
     */
    public SlaTerms {
        Checks.present("sla_lower", lower);
        Checks.present("sla_upper", upper);
        if (!lower.neverAbove(upper)) {
            throw new IllegalArgumentException(
                    "The sla_lower (%s) must not be more than the sla_upper (%s), neither its rate nor its share."
                            .formatted(lower, upper));
        }
    }

    /** The bounds of a VM with this rate. */
    SlaBounds of(Bandwidth now) {
        return new SlaBounds(lower.of(now), upper.of(now));
    }
}
