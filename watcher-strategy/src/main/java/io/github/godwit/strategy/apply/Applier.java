package io.github.godwit.strategy.apply;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.strategy.apply.AppliedMigration.End;
import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.PlannedMigration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries out an action plan: has the source agents migrate, one VM after another.
 *
 * <p>When the thread is interrupted, the migration on the way is cancelled and waited for, and the rest is not begun; the
 * results still come, with the thread's interrupt flag set.
 */
public final class Applier {

    /** What happens to the rest of a plan when one migration does not complete. */
    public enum OnFailure {
        /** Nothing more is begun. */
        STOP,
        /** The next one is: a strategy's moves are safe without one another. */
        GO_ON
    }

    /** Hears how the plan gets on. */
    public interface Listener {

        /** A migration is going to be begun. */
        default void starting(PlannedMigration migration, int number, int of) {}

        /** Something happened in it. */
        default void event(PlannedMigration migration, MigrationEvent event) {}

        /** It ended. */
        default void ended(AppliedMigration migration) {}
    }

    private final Map<String, HostDriverClient> agents;
    private final OnFailure onFailure;
    private final Duration timeLimit;
    private final GuestVerifier verifier;
    private final Listener listener;

    /**
     * @param agents    the client of each host driver, by the host's name
     * @param onFailure whether to go on after a failure
     * @param timeLimit the agents cancel a migration that takes longer
     * @param verifier  asks the guests afterwards
     * @param listener  hears how it gets on
     */
    public Applier(
            Map<String, HostDriverClient> agents,
            OnFailure onFailure,
            Duration timeLimit,
            GuestVerifier verifier,
            Listener listener) {
        this.agents = Map.copyOf(agents);
        this.onFailure = onFailure;
        this.timeLimit = timeLimit;
        this.verifier = verifier;
        this.listener = listener;
    }

    /** Carries out a plan; one result for each of its migrations, in its order. */
    public List<AppliedMigration> apply(MigrationPlan plan) {
        List<AppliedMigration> results = new ArrayList<>();
        String stopped = "";
        for (PlannedMigration planned : plan.migrations()) {
            if (Thread.currentThread().isInterrupted()) {
                stopped = "The run was interrupted.";
            }
            AppliedMigration result;
            if (stopped.isEmpty()) {
                listener.starting(planned, results.size() + 1, plan.migrations().size());
                result = one(plan, planned);
                if (!result.succeeded() && onFailure == OnFailure.STOP) {
                    stopped = "The migration of %s before it did not succeed."
                            .formatted(planned.move().vm());
                }
            } else {
                result = new AppliedMigration(planned, End.NOT_STARTED, Optional.empty(), stopped, Optional.empty());
            }
            results.add(result);
            listener.ended(result);
        }
        return results;
    }

    private AppliedMigration one(MigrationPlan plan, PlannedMigration planned) {
        MigrationRequest request = new MigrationRequest(
                planned.move().vm(),
                planned.destination(),
                planned.choice().technique(),
                plan.policy(),
                planned.reservation().orElse(null),
                timeLimit);
        HostDriverClient agent = agents.get(planned.move().from());
        SupervisedMigration migration =
                new SupervisedMigration(agent, planned, event -> listener.event(planned, event));
        return verified(migration.run(request, timeLimit));
    }

    private AppliedMigration verified(AppliedMigration result) {
        if (result.end() != End.COMPLETED) {
            return result;
        }
        Optional<Boolean> intact;
        try {
            intact = verifier.verify(
                    result.planned().move().vm(), result.planned().move().to());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            intact = Optional.empty();
        }
        String error = intact.orElse(true) ? "" : "The guest found its memory changed by the migration.";
        return new AppliedMigration(result.planned(), result.end(), result.status(), error, intact);
    }
}
