package io.github.godwit.model.schedule;

import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Checks;

/**
 * What one migration would cost at a constant share of bandwidth.
 *
 * @param technique     the technique
 * @param seconds       total migration time, above 0
 * @param downtimeMillis downtime, in ms
 * @param megabytes     data sent, in MB (10^6 bytes)
 * @param violation     weighted SLO violation under the policy, without the weight of the VM
 */
public record MigrationEstimate(
        Technique technique, Interval seconds, double downtimeMillis, double megabytes, double violation) {

    /**
     * @throws IllegalArgumentException when a value is missing or out of its range
     */
    public MigrationEstimate {
        Checks.present("technique", technique);
        Checks.positive("total time", Checks.present("total time", seconds).value());
        Checks.notNegative("downtime", downtimeMillis);
        Checks.notNegative("data sent", megabytes);
        Checks.notNegative("violation", violation);
    }
}
