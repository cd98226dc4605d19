package io.github.godwit.strategy.apply;

import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.strategy.plan.PlannedMigration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What became of one planned migration.
 *
 * @param planned       the plan
 * @param end           how it ended
 * @param status        the last status that the host driver gave, if it ever started
 * @param error         why it did not complete, in a sentence; empty when it did
 * @param guestVerified whether the guest found its memory intact, or nothing where nobody could tell
 */
public record AppliedMigration(
        PlannedMigration planned,
        End end,
        Optional<MigrationStatus> status,
        String error,
        Optional<Boolean> guestVerified) {

    /** How a planned migration ended. */
    public enum End {
        /** The VM is on the destination. */
        COMPLETED,
        /** The VM is where it was, or in post-copy perhaps lost: the error says. */
        FAILED,
        /** It was called off on the way; the VM is where it was. */
        CANCELLED,
        /** It was never begun, because one before it failed or the run was interrupted. */
        NOT_STARTED;

        /** In words: {@code not started}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** What it cost, as far as it was measured. */
    public Map<Metric, Double> measured() {
        return status.filter(s -> s.outcome() != null && s.outcome().measured() != null)
                .map(s -> s.outcome().measured())
                .orElse(Map.of());
    }

    /** Whether the VM is on its destination with its memory, for all that is known, intact. */
    public boolean succeeded() {
        return end == End.COMPLETED && guestVerified.orElse(true);
    }
}
