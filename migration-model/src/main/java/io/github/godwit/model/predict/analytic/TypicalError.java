package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.predict.Metric;

/**
 * Half the width of an interval of the simulation, relative to the value, by metric. Set by hand, not calibrated: over
 * 60 migrations in the lab the intervals of TT and TD contained 118 of 120 measured values, but those of PERF in
 * post-copy only 3 of 30 and those of CPU in pre-copy 6 of 30. They do not correspond to any confidence level.
 */
final class TypicalError {

    private TypicalError() {}

    static double of(Metric metric) {
        return switch (metric) {
            case TOTAL_TIME, TRANSFERRED_DATA -> 0.25;
            case DOWNTIME -> 0.6;
            case PERFORMANCE -> 0.15;
            case CPU -> 0.4;
            case MEMORY -> 0.6;
        };
    }
}
