package io.github.godwit.strategy.plan;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;

/** What a migration is predicted to cost, as CPU time: what it takes, and what the VM lacks. */
final class MoveCost {

    private static final double MILLIS = 1e3;
    private static final double PERCENT = 100;

    /** The destination works about as much as the source, for which the metric is. */
    private static final double HOSTS = 2;

    private MoveCost() {}

    /** Returns the cost in core-seconds. */
    static double coreSeconds(PlannedMigration migration) {
        Prediction prediction = migration.choice().prediction();
        double total = prediction.value(Metric.TOTAL_TIME) / MILLIS;
        double work = HOSTS * Math.max(0, prediction.value(Metric.CPU)) / PERCENT * total;
        double lost = Math.max(0, 1 - prediction.value(Metric.PERFORMANCE)) * total
                + prediction.value(Metric.DOWNTIME) / MILLIS;
        return work + migration.migrationCase().vm().vcpuUse() * lost;
    }
}
