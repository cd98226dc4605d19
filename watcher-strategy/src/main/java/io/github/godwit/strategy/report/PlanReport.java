package io.github.godwit.strategy.report;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.plan.PlannedMigration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The result of a run: the plan and what became of it.
 *
 * @param policy    the policy by which techniques were chosen
 * @param dryRun    whether the run ended with the plan
 * @param verdict   the strategy's findings, in sentences
 * @param entries   the migrations, in their order
 * @param unplanned moves that the strategy wanted but that could not be planned, in sentences
 * @param omitted   hosts and VMs that could not be read, in sentences
 */
public record PlanReport(
        SloPolicy policy,
        boolean dryRun,
        String verdict,
        List<Entry> entries,
        List<String> unplanned,
        List<String> omitted) {

    /** How a planned migration ended. */
    public enum End {
        /** The VM is on the destination. */
        COMPLETED,
        /** The VM is on the source, or, after a failure in post-copy, possibly lost. */
        FAILED,
        /** The migration was cancelled; the VM is on the source. */
        CANCELLED,
        /** It did not begin, because an earlier one failed or the run was interrupted. */
        NOT_STARTED;

        /** The name in lower case with blanks, for example {@code not started}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /**
     * One migration.
     *
     * @param vm            the VM
     * @param from          name of the source
     * @param to            name of the destination
     * @param technique     the technique
     * @param reason        why this VM, this destination and this technique, in sentences
     * @param prediction    its predicted cost
     * @param reservation   bandwidth reserved on both hosts, or nothing
     * @param end           how it ended, or nothing in a dry run
     * @param error         why it did not succeed, or empty
     * @param measured      its measured cost, without metrics that were not measured; empty in a dry run
     * @param violated      the SLOs that the measured values break; in a dry run, those that the predicted values break
     * @param guestVerified whether the guest found its memory intact, or nothing if no guest was asked or could answer
     * @param perfProxy     a proxy of PERF from outside of the guest, 0 to 1, or nothing
     */
    public record Entry(
            String vm,
            String from,
            String to,
            Technique technique,
            String reason,
            Prediction prediction,
            Optional<Bandwidth> reservation,
            Optional<End> end,
            String error,
            Map<Metric, Double> measured,
            List<Slo> violated,
            Optional<Boolean> guestVerified,
            Optional<Double> perfProxy) {

        /** Copies the collections. */
        public Entry {
            measured = Map.copyOf(measured);
            violated = List.copyOf(violated);
        }

        /** A migration without a proxy of PERF. */
        public Entry(
                String vm,
                String from,
                String to,
                Technique technique,
                String reason,
                Prediction prediction,
                Optional<Bandwidth> reservation,
                Optional<End> end,
                String error,
                Map<Metric, Double> measured,
                List<Slo> violated,
                Optional<Boolean> guestVerified) {
            this(
                    vm,
                    from,
                    to,
                    technique,
                    reason,
                    prediction,
                    reservation,
                    end,
                    error,
                    measured,
                    violated,
                    guestVerified,
                    Optional.empty());
        }

        /** The same with a proxy of PERF. */
        public Entry withPerfProxy(Optional<Double> proxy) {
            return new Entry(
                    vm,
                    from,
                    to,
                    technique,
                    reason,
                    prediction,
                    reservation,
                    end,
                    error,
                    measured,
                    violated,
                    guestVerified,
                    proxy);
        }

        /** A migration of a dry run. */
        public static Entry of(PlannedMigration planned, SloPolicy policy) {
            List<Slo> violated = policy.violatedBy(planned.choice().prediction());
            return of(planned, Optional.empty(), "", Map.of(), violated, Optional.empty());
        }

        /**
         * A migration that was to run.
         *
         * @param error    why it did not complete, or empty
         * @param measured its measured metrics, possibly none
         * @param violated the SLOs that it violated
         */
        public static Entry of(
                PlannedMigration planned, End end, String error, Map<Metric, Double> measured, List<Slo> violated) {
            return of(planned, Optional.of(end), error, measured, violated, Optional.empty());
        }

        /** The same with the guest's answer to whether its memory is intact; if it is not, the migration did not succeed. */
        public Entry withGuestVerified(Optional<Boolean> intact) {
            return new Entry(
                    vm,
                    from,
                    to,
                    technique,
                    reason,
                    prediction,
                    reservation,
                    end,
                    intact.orElse(true) ? error : "The guest found its memory damaged after the migration.",
                    measured,
                    violated,
                    intact,
                    perfProxy);
        }

        /** The same by another technique or with another reservation, as a later schedule decided. */
        public Entry decidedAgain(Technique other, String why, Prediction predicted, Optional<Bandwidth> reserved) {
            return new Entry(
                    vm,
                    from,
                    to,
                    other,
                    why,
                    predicted,
                    reserved,
                    end,
                    error,
                    measured,
                    violated,
                    guestVerified,
                    perfProxy);
        }

        private static Entry of(
                PlannedMigration planned,
                Optional<End> end,
                String error,
                Map<Metric, Double> measured,
                List<Slo> violated,
                Optional<Boolean> guestVerified) {
            return new Entry(
                    planned.move().vm(),
                    planned.move().from(),
                    planned.move().to(),
                    planned.choice().technique(),
                    planned.reason(),
                    planned.choice().prediction(),
                    planned.reservation(),
                    end,
                    error,
                    measured,
                    violated,
                    guestVerified);
        }

        /** Whether nothing went wrong: true for a dry run, and for a completed migration whose guest found no damage. */
        public boolean succeeded() {
            return error.isEmpty();
        }

        /** Whether there are values to compare with the SLOs. */
        boolean judged() {
            return end.isEmpty() || !measured.isEmpty();
        }
    }

    /** Copies the lists. */
    public PlanReport {
        entries = List.copyOf(entries);
        unplanned = List.copyOf(unplanned);
        omitted = List.copyOf(omitted);
    }

    /** Whether every move that the strategy wanted was planned and, except in a dry run, made. */
    public boolean succeeded() {
        return unplanned.isEmpty() && entries.stream().allMatch(Entry::succeeded);
    }
}
