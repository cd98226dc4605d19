package io.github.godwit.strategy.report;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.plan.PlannedMigration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a run planned and what came of it.
 *
 * @param policy  the policy that it ran under
 * @param dryRun  whether nothing was to be carried out
 * @param verdict what the strategy says about the cluster, in sentences
 * @param entries the migrations, in their order
 * @param unplanned moves that the strategy wanted and that cannot be made, in sentences
 * @param omitted what of the cluster was left out, in sentences
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
        /** The VM is where it was, or in post-copy perhaps lost; the error says which. */
        FAILED,
        /** The migration was cancelled; the VM is where it was. */
        CANCELLED,
        /** It never began, because one before it failed or the run was interrupted. */
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
     * @param from          the host that it was on
     * @param to            the host that it was to go to
     * @param technique     the technique
     * @param reason        why this VM, there, and so
     * @param prediction    what it was expected to cost
     * @param reservation   bandwidth that was to be reserved, or nothing
     * @param end           how it ended, or nothing in a dry run
     * @param error         why it did not succeed, else empty
     * @param measured      what it cost; empty in a dry run, and without what could not be measured
     * @param violated      the SLOs that the measured values break; in a dry run, those that the predicted do
     * @param guestVerified whether the guest found its memory intact, or nothing where nobody could tell
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
            Optional<Boolean> guestVerified) {

        /** Copies what could change. */
        public Entry {
            measured = Map.copyOf(measured);
            violated = List.copyOf(violated);
        }

        /** A migration that is only planned. */
        public static Entry of(PlannedMigration planned, SloPolicy policy) {
            Map<Metric, Double> predicted = new EnumMap<>(Metric.class);
            planned.choice().prediction().estimates().forEach((metric, at) -> predicted.put(metric, at.value()));
            return of(planned, Optional.empty(), "", Map.of(), policy.violatedBy(predicted), Optional.empty());
        }

        /**
         * A migration that was to be executed.
         *
         * @param error    why it did not complete, or empty
         * @param measured its measured metrics, possibly none
         */
        public static Entry of(
                PlannedMigration planned, SloPolicy policy, End end, String error, Map<Metric, Double> measured) {
            return of(planned, Optional.of(end), error, measured, policy.violatedBy(measured), Optional.empty());
        }

        /** The same with the guest's answer to whether its memory is intact; it fails if the guest says no. */
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
                    intact.orElse(true) ? error : "The guest found its memory changed by the migration.",
                    measured,
                    violated,
                    intact);
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

        /** Whether it was only planned, or completed with the guest, for all that is known, intact. */
        public boolean succeeded() {
            return error.isEmpty();
        }

        /** Whether anything is known about its SLOs. */
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

    /** Whether every move that the strategy wanted was planned and, unless in a dry run, made. */
    public boolean succeeded() {
        return unplanned.isEmpty() && entries.stream().allMatch(Entry::succeeded);
    }
}
