package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * An audit, as stored.
 *
 * @param id            number in the database, 0 before it is stored
 * @param uuid          identifies it
 * @param name          at most 63 characters, unique among the audits that are not deleted
 * @param type          when it runs
 * @param state         its state
 * @param goal          name of its goal
 * @param strategy      name of its strategy
 * @param parameters    the strategy's parameters, with defaults filled in
 * @param interval      seconds or a cron expression; null unless the audit is continuous
 * @param scope         Watcher's scope, an array
 * @param autoTrigger   whether its action plans start automatically
 * @param force         whether it runs even while an action plan is running
 * @param nextRunTime   next slot of a continuous audit, the present one while it runs, the last one planned while it is suspended; or null
 * @param startTime     it does not run before it; or null
 * @param endTime       a continuous audit ends then, as succeeded, and no audit begins to run then or later; or null
 * @param hostname      name of the instance that runs it, or null
 * @param statusMessage explains its state, or null
 * @param createdAt     when it was created
 * @param updatedAt     when it last changed, or null
 * @param runBy         name of the instance on which a run of it goes on, or null between runs
 */
public record Audit(
        long id,
        UUID uuid,
        String name,
        AuditType type,
        AuditState state,
        String goal,
        String strategy,
        JsonNode parameters,
        String interval,
        JsonNode scope,
        boolean autoTrigger,
        boolean force,
        Instant nextRunTime,
        Instant startTime,
        Instant endTime,
        String hostname,
        String statusMessage,
        Instant createdAt,
        Instant updatedAt,
        String runBy) {

    /** An audit that does not run. */
    public Audit(
            long id,
            UUID uuid,
            String name,
            AuditType type,
            AuditState state,
            String goal,
            String strategy,
            JsonNode parameters,
            String interval,
            JsonNode scope,
            boolean autoTrigger,
            boolean force,
            Instant nextRunTime,
            Instant startTime,
            Instant endTime,
            String hostname,
            String statusMessage,
            Instant createdAt,
            Instant updatedAt) {
        this(
                id,
                uuid,
                name,
                type,
                state,
                goal,
                strategy,
                parameters,
                interval,
                scope,
                autoTrigger,
                force,
                nextRunTime,
                startTime,
                endTime,
                hostname,
                statusMessage,
                createdAt,
                updatedAt,
                null);
    }

    /** The same audit with another next slot. */
    public Audit waitingFor(Instant slot) {
        return new Audit(
                id,
                uuid,
                name,
                type,
                state,
                goal,
                strategy,
                parameters,
                interval,
                scope,
                autoTrigger,
                force,
                slot,
                startTime,
                endTime,
                hostname,
                statusMessage,
                createdAt,
                updatedAt,
                runBy);
    }

    /** When it runs next by itself: null if it does not, or if its end time comes first. */
    public Instant nextRun() {
        boolean active = state == AuditState.PENDING || state == AuditState.ONGOING;
        boolean over = nextRunTime != null && endTime != null && !nextRunTime.isBefore(endTime);
        return active && !over ? nextRunTime : null;
    }
}
