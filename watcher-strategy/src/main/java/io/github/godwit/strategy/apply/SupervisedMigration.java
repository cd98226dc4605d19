package io.github.godwit.strategy.apply;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.strategy.apply.AppliedMigration.End;
import io.github.godwit.strategy.plan.PlannedMigration;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration, from the request to its end, whatever that is.
 *
 * <pre>
 * asked → refused: FAILED
 *       → followed → ended: COMPLETED, FAILED or CANCELLED, as the agent says
 *                  → lost, or not ended in time: cancelled as far as possible, FAILED
 *                  → interrupted: cancelled, followed once more to its end
 * </pre>
 */
final class SupervisedMigration {

    private static final Logger LOG = LoggerFactory.getLogger(SupervisedMigration.class);

    /** What profiling and preparing may take on top of the migration's own limit. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    /** How long a cancelled migration may take to end; one in post-copy goes on to its end. */
    private static final Duration CANCEL_LIMIT = Duration.ofSeconds(30);

    private final HostDriverClient agent;
    private final PlannedMigration planned;
    private final Consumer<MigrationEvent> listener;

    SupervisedMigration(HostDriverClient agent, PlannedMigration planned, Consumer<MigrationEvent> listener) {
        this.agent = agent;
        this.planned = planned;
        this.listener = listener;
    }

    /** Runs it; the thread's interrupt flag is set when it was interrupted. */
    AppliedMigration run(MigrationRequest request, Duration timeLimit) {
        MigrationStatus started;
        try {
            started = agent.migrate(request);
        } catch (HostDriverException e) {
            return notStarted(e);
        }
        try {
            return ended(agent.follow(started.id(), timeLimit.plus(GRACE), listener));
        } catch (InterruptedException e) {
            return cancelled(started);
        } catch (HostDriverException e) {
            if (Thread.interrupted()) {
                return cancelled(started);
            }
            cancel(started.id());
            return failed(Optional.of(started), e);
        }
    }

    /** An agent that gave no answer may have begun all the same. */
    private AppliedMigration notStarted(HostDriverException refusal) {
        boolean interrupted = Thread.interrupted();
        if (refusal.statusCode() == HostDriverException.NO_ANSWER) {
            try {
                Optional.ofNullable(agent.vm(planned.move().vm()).migration()).ifPresent(this::cancel);
            } catch (HostDriverException e) {
                LOG.debug("Whether {} migrates cannot be told.", planned.move().vm(), e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return failed(Optional.empty(), refusal);
    }

    private AppliedMigration cancelled(MigrationStatus started) {
        try {
            cancel(started.id());
            return ended(agent.follow(started.id(), CANCEL_LIMIT, listener));
        } catch (InterruptedException | HostDriverException e) {
            return failed(Optional.of(started), e);
        } finally {
            Thread.currentThread().interrupt();
        }
    }

    private void cancel(String id) {
        try {
            agent.cancel(id);
        } catch (HostDriverException e) {
            LOG.debug("Migration {} cannot be cancelled.", id, e);
        }
    }

    private AppliedMigration ended(MigrationStatus status) {
        End end = switch (status.phase()) {
            case COMPLETED -> End.COMPLETED;
            case CANCELLED -> End.CANCELLED;
            default -> End.FAILED;
        };
        String error = end == End.COMPLETED
                ? ""
                : Optional.ofNullable(status.error())
                        .orElse("The migration was %s; the host driver gave no reason.".formatted(end));
        return new AppliedMigration(planned, end, Optional.of(status), error, Optional.empty());
    }

    private AppliedMigration failed(Optional<MigrationStatus> status, Exception e) {
        LOG.debug("The migration of {} failed.", planned.move().vm(), e);
        String why = e instanceof InterruptedException
                ? "The run was interrupted again while the migration was being cancelled."
                : e.getMessage();
        return new AppliedMigration(planned, End.FAILED, status, why, Optional.empty());
    }
}
