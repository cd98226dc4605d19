package io.github.godwit.host.nova.permit;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a migration with Nova's own flags is predicted to cost. Nova's downtime limit begins with a step and is raised while the migration
 * runs ({@code downtime_steps} in {@code nova/virt/libvirt/migration.py}); the prediction is that of the first limit with which the migration
 * ends before the next one is set. Nothing is reserved. Pure.
 *
 * @param configuration nova.conf of the source
 * @param flags         Nova's {@code virDomainMigrateFlags}
 */
public record NovaFlags(NovaConfiguration configuration, long flags) {

    /** Nova counts with at least so much memory, in GiB. */
    private static final double LEAST_GIB = 2;

    private static final double GIB = 1L << 30;

    /** What Nova's options accept at least. */
    private static final int LEAST = 3;

    /** What ends at the longest downtime limit, does so within this time. */
    private static final Duration AFTER_LAST_STEP = Duration.ofMinutes(10);

    /**
     * A step of Nova's downtime limit.
     *
     * @param from  from when on it holds, after the start of the migration
     * @param limit the limit
     */
    record Step(Duration from, Duration limit) {}

    /**
     * What is predicted.
     *
     * @param migrationCase what from: nothing reserved, and the downtime limit with which the migration is to end
     * @param prediction    the cost
     */
    public record Predicted(MigrationCase migrationCase, Prediction prediction) {}

    /** The technique that the flags result in. */
    public Technique technique() {
        return LibvirtSettings.techniqueOf(flags);
    }

    /** Predicts the cost of a migration with these flags; of {@code planned} neither reservation nor settings of a technique count. */
    public Predicted predict(MigrationCase planned, Predictor predictor) {
        double gib = Math.max(LEAST_GIB, planned.vm().memory().bytes() / GIB);
        MigrationCase bare = planned.withLink(planned.link().withReserved(Bandwidth.ZERO))
                .withTuning(planned.tuning()
                        .withPostcopyFallback(false)
                        .withZeroCopy(false)
                        .withTimeLimit(timeLimit(gib)));
        for (int i = 0; i < steps(); i++) {
            Predicted predicted = predicted(bare, step(i, gib), predictor);
            Duration next = step(i + 1, gib).from();
            if (predicted.prediction().converges()
                    && predicted.prediction().value(Metric.TOTAL_TIME) <= next.toMillis()) {
                return predicted;
            }
        }
        return predicted(bare, step(steps(), gib), predictor);
    }

    /** The steps of the limit, from 0 to {@link #steps}. */
    Step step(int number, double gib) {
        double base = (double) configuration.downtime() / steps();
        double offset = (configuration.downtime() - base) / steps();
        return new Step(Duration.ofSeconds((long) delaySeconds(gib) * number), Duration.ofMillis(Math.max(1, (long)
                (base + offset * number))));
    }

    private int steps() {
        int steps = configuration.downtimeSteps();
        return steps <= 0 ? NovaConfiguration.NOVA_DEFAULTS.downtimeSteps() : Math.max(LEAST, steps);
    }

    private int delaySeconds(double gib) {
        int delay = configuration.downtimeDelay();
        return (int) ((delay <= 0 ? NovaConfiguration.NOVA_DEFAULTS.downtimeDelay() : Math.max(LEAST, delay)) * gib);
    }

    private Duration timeLimit(double gib) {
        return configuration.completionTimeout() > 0
                ? Duration.ofSeconds((long) (configuration.completionTimeout() * gib))
                : step(steps(), gib).from().plus(AFTER_LAST_STEP);
    }

    private Predicted predicted(MigrationCase bare, Step step, Predictor predictor) {
        MigrationTuning tuning = bare.tuning().withDowntimeLimit(step.limit());
        MigrationCase migrationCase = bare.withTuning(tuning);
        return new Predicted(
                migrationCase, notBefore(step.from().toMillis(), predictor.predict(migrationCase, technique())));
    }

    /** A limit that holds from a time on ends no migration before that; until then data is sent at the same rate. */
    private static Prediction notBefore(double millis, Prediction predicted) {
        double total = predicted.value(Metric.TOTAL_TIME);
        if (total >= millis || total <= 0) {
            return predicted;
        }
        Map<Metric, Estimate> estimates = new EnumMap<>(predicted.estimates());
        Estimate time = estimates.get(Metric.TOTAL_TIME);
        estimates.put(
                Metric.TOTAL_TIME, new Estimate(millis, Math.max(time.low(), millis), Math.max(time.high(), millis)));
        double longer = millis / total;
        Estimate data = estimates.get(Metric.TRANSFERRED_DATA);
        estimates.put(
                Metric.TRANSFERRED_DATA,
                new Estimate(data.value() * longer, data.low() * longer, data.high() * longer));
        return new Prediction(estimates, predicted.converges(), predicted.endProbability(), predicted.basis());
    }
}
