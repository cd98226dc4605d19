package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * An audit as it is stored.
 *
 * @param id            its number in the database, 0 before it is stored
 * @param uuid          its id
 * @param name          at most 63 characters, of its own among audits that are not deleted
 * @param type          when it runs
 * @param state         where it is
 * @param goal          name of its goal
 * @param strategy      name of its strategy
 * @param parameters    the strategy's parameters, complete
 * @param interval      seconds or a cron expression, null unless continuous
 * @param scope         Watcher's scope, an array
 * @param autoTrigger   whether its plans start by themselves
 * @param force         whether it runs beside a plan that is carried out
 * @param nextRunTime   when a continuous audit runs next, or null
 * @param startTime     before which a continuous audit does not run, or null
 * @param endTime       after which it has succeeded, or null
 * @param hostname      instance that works on it, or null
 * @param statusMessage what there is to say of its state, or null
 * @param createdAt     when it was made
 * @param updatedAt     last change, or null
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
