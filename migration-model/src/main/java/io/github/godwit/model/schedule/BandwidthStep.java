package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;

/**
 * The bandwidth of a migration from one moment until the next step or its end.
 *
 * @param atSeconds seconds after the beginning of the schedule, as predicted
 * @param bandwidth the migration's share of the links that it crosses
 */
public record BandwidthStep(double atSeconds, Bandwidth bandwidth) {

    /**
     * @throws IllegalArgumentException when the time is negative or the bandwidth is missing
     */
    public BandwidthStep {
        Checks.notNegative("time of a bandwidth step", atSeconds);
        Checks.present("bandwidth of a step", bandwidth);
    }
}
