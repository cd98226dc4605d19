package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * What a client asks for in a new audit; everything but the type may be null.
 *
 * @param name        its name, made up when missing
 * @param template    template to make it from, by UUID or name; instead of a goal
 * @param goal        goal, by UUID or name
 * @param strategy    strategy, by UUID or name; the goal's first when missing
 * @param auditType   ONESHOT, CONTINUOUS or EVENT
 * @param parameters  the strategy's parameters
 * @param interval    seconds or cron expression of a continuous audit
 * @param autoTrigger whether its plans start by themselves
 * @param startTime   before which a continuous audit does not run
 * @param endTime     after which it has succeeded
 * @param force       whether it runs beside a plan that is carried out
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
