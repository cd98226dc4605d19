package io.github.godwit.strategy.shadow;

import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.ObservedChoice;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.technique.Technique;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the service keeps of a migration that has ended, whoever ordered it.
 *
 * @param id           its id on the source's host driver
 * @param at           when it started, or when its end was seen if it has no outcome
 * @param vm           name of the VM
 * @param source       name of the source host
 * @param destination  name of the destination host
 * @param observed     whether Nova ran it with its own flags while Godwit observed
 * @param phase        how it ended
 * @param error        why it did not succeed, or null
 * @param decided      whether Godwit came to a decision in time
 * @param technique    the technique that ran, or null
 * @param vcpuUse      CPU use of the VM before, in cores
 * @param predicted    what {@code technique} was predicted to cost; empty without an outcome
 * @param measured     what it cost, with the downtime as the guest feels it; empty without an outcome
 * @param perfProxy    proxy of PERF from outside of the guest, or null
 * @param incomparable why the measurements must not be compared with a prediction, as a clause, or null
 * @param choice       what Godwit would have chosen, or null
 */
public record RecordedMigration(
        String id,
        Instant at,
        String vm,
        String source,
        String destination,
        boolean observed,
        Phase phase,
        String error,
        boolean decided,
        Technique technique,
        double vcpuUse,
        Map<Metric, Estimate> predicted,
        Map<Metric, Double> measured,
        Double perfProxy,
        String incomparable,
        Choice choice) {

    /**
     * What Godwit would have chosen.
     *
     * @param technique  the technique
     * @param leftToNova whether it would have left the migration to Nova's own flags all the same
     * @param predicted  what the technique was predicted to cost
     * @param slos       the SLOs by which it was chosen
     */
    public record Choice(Technique technique, boolean leftToNova, Map<Metric, Estimate> predicted, List<Slo> slos) {

        /** Copies the collections. */
        public Choice {
            predicted = predicted == null ? Map.of() : Map.copyOf(predicted);
            slos = slos == null ? List.of() : List.copyOf(slos);
        }

        private static Choice of(ObservedChoice observed) {
            MigrationDecision decision = observed.decision();
            return new Choice(
                    decision.technique(),
                    observed.leftToNova(),
                    MigrationDecision.rounded(decision.prediction().estimates()),
                    observed.slos());
        }
    }

    /** Copies the maps. */
    public RecordedMigration {
        predicted = predicted == null ? Map.of() : Map.copyOf(predicted);
        measured = measured == null ? Map.of() : Map.copyOf(measured);
    }

    /**
     * What is kept of a migration.
     *
     * @param status its final status
     * @param seen   when that was seen
     */
    public static RecordedMigration of(MigrationStatus status, Instant seen) {
        Outcome outcome = status.outcome();
        Prediction prediction = outcome == null ? null : outcome.prediction();
        return new RecordedMigration(
                status.id(),
                outcome == null || outcome.startedAt() == null ? seen : outcome.startedAt(),
                status.vm(),
                status.source(),
                status.destination(),
                status.observed(),
                status.phase(),
                status.error(),
                status.decision() != null,
                outcome == null ? status.technique() : outcome.technique(),
                outcome == null || outcome.migrationCase() == null
                        ? 0
                        : outcome.migrationCase().vm().vcpuUse(),
                prediction == null ? Map.of() : MigrationDecision.rounded(prediction.estimates()),
                outcome == null ? Map.of() : outcome.metrics(),
                outcome == null ? null : outcome.perfProxy(),
                outcome == null ? null : outcome.incomparable(),
                outcome == null || outcome.observed() == null ? null : Choice.of(outcome.observed()));
    }

    /** Whether what it cost can be compared with both predictions. */
    boolean comparable() {
        return phase == Phase.COMPLETED
                && incomparable == null
                && choice != null
                && !predicted.isEmpty()
                && !choice.predicted().isEmpty();
    }

    /** The measured value of a metric, the proxy in the place of PERF that nothing measured; null if there is none. */
    Double cost(Metric metric) {
        Double value = measured.get(metric);
        return value == null && metric == Metric.PERFORMANCE ? perfProxy : value;
    }
}
