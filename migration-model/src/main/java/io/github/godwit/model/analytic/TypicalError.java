package io.github.godwit.model.analytic;

import io.github.godwit.model.Metric;

/**
 * Half the width of an interval, relative to the value, by metric. Set by hand, not calibrated: over 60 migrations in the lab
 * the intervals of TT and TD held 118 of 120 measured values, but those of PERF in post-copy 3 of 30 and of CPU in pre-copy
 * 6 of 30. No level of confidence may be read from them.
 */
final class TypicalError {

    private TypicalError() {}

    static double of(Metric metric) {
        return switch (metric) {
            case TT, TD -> 0.25;
            case DT -> 0.6;
            case PERF -> 0.15;
            case CPU -> 0.4;
            case MEM -> 0.6;
        };
    }
}
