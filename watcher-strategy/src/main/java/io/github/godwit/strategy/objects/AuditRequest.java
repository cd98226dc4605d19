package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * A client's request for a new audit; everything but the type may be null.
 *
 * @param name        its name; generated if missing
 * @param template    UUID or name of a template, instead of a goal
 * @param goal        UUID or name of the goal
 * @param strategy    UUID or name of the strategy; the first one of the goal if missing
 * @param auditType   ONESHOT, CONTINUOUS or EVENT
 * @param parameters  the strategy's parameters
 * @param interval    seconds or a cron expression, for a continuous audit
 * @param autoTrigger whether its action plans start automatically
 * @param startTime   a continuous audit does not run before it
 * @param endTime     a continuous audit ends then, as succeeded
 * @param force       whether it runs even while an action plan is running
 */
public record AuditRequest(
        String name,
        String template,
        String goal,
        String strategy,
        String auditType,
        JsonNode parameters,
        String interval,
        boolean autoTrigger,
        Instant startTime,
        Instant endTime,
        boolean force) {}
