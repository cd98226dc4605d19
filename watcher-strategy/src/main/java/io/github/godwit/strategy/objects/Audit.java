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
 * @param nextRunTime   when a continuous audit runs next, or null
 * @param startTime     a continuous audit does not run before it; or null
 * @param endTime       a continuous audit ends then, as succeeded; or null
 * @param hostname      name of the instance that runs it, or null
 * @param statusMessage explains its state, or null
 * @param createdAt     when it was created
 * @param updatedAt     when it last changed, or null
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
        Instant updatedAt) {}
