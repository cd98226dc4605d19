package io.github.godwit.model.analytic;

import io.github.godwit.model.Metric;

/** The relative error that nine of ten predictions stay under, by metric; from the same lab runs as the costs. */
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
