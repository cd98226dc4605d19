package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.NovaFacts.Server;
import io.github.godwit.strategy.plan.ScheduleSources;
import io.github.godwit.strategy.plan.ScheduleTerms;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the parameters of an audit that concern its schedule, and the priorities of servers. */
final class ScheduleParameters {

    /** Key in the metadata of servers and in the extra specs of flavors. */
    static final String PRIORITY = "godwit:priority";

    private static final Logger LOG = LoggerFactory.getLogger(ScheduleParameters.class);

    private static final int HIGHEST = 100;

    private ScheduleParameters() {}

    /**
     * Reads the terms of a schedule.
     *
     * @param parameters the audit's parameters
     * @param facts      what Nova knows about servers, or nothing
     * @param sources    what every schedule depends on
     * @param now        the current time
     * @throws IllegalArgumentException if the deadline is not a time or a duration, or has passed
     */
    static ScheduleTerms read(JsonNode parameters, Optional<NovaFacts> facts, ScheduleSources sources, Instant now) {
        Map<String, Integer> priorities = new HashMap<>();
        facts.ifPresent(known -> known.servers()
                .forEach((vm, server) -> priority(server).ifPresent(priority -> priorities.put(vm, priority))));
        parameters
                .path("priorities")
                .properties()
                .forEach(
                        entry -> priorities.put(entry.getKey(), entry.getValue().asInt()));
        return ScheduleTerms.DEFAULT
                .aimingAt(
                        "violations".equals(parameters.path("objective").asText())
                                ? Objective.WEIGHTED_VIOLATIONS
                                : Objective.EMPTY_TIME)
                .withParallel(parameters
                        .path("parallel")
                        .asInt(parameters.path("parallel_total").asInt(ScheduleTerms.MOST_PARALLEL)))
                .withPriorities(priorities)
                .until(deadline(parameters.path("deadline").asText(""), now))
                .under(sources);
    }

    /**
     * Reads a deadline: a time such as {@code 2026-03-01T14:00:00+01:00}, or a duration from now such as {@code PT2H}.
     *
     * @return the time, or null for an empty text
     * @throws IllegalArgumentException if it is neither, or has passed
     */
    static Instant deadline(String text, Instant now) {
        if (text.isEmpty()) {
            return null;
        }
        Instant deadline;
        try {
            deadline = text.startsWith("P")
                    ? now.plus(Duration.parse(text))
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(
                    "The deadline '%s' is neither a time with its offset from UTC, such as 2026-03-01T14:00:00Z, nor a duration, such as PT2H."
                            .formatted(text),
                    e);
        }
        if (!deadline.isAfter(now)) {
            throw new IllegalArgumentException(
                    "The deadline %s has passed; it is %s. Name a later time.".formatted(deadline, now));
        }
        return deadline;
    }

    /** A server's priority: that of its flavor, which belongs to administrators, or else that in its metadata. */
    private static Optional<Integer> priority(Server server) {
        return number(server, server.flavor().get(PRIORITY), "its flavor")
                .or(() -> number(server, server.metadata().get(PRIORITY), "its metadata"));
    }

    private static Optional<Integer> number(Server server, String text, String place) {
        if (text == null) {
            return Optional.empty();
        }
        if (text.matches("\\d{1,3}") && Integer.parseInt(text) <= HIGHEST) {
            return Optional.of(Integer.parseInt(text));
        }
        LOG.warn(
                "Server {}: {}={} in {} is ignored: it must be a whole number from 0 to {}.",
                server.uuid(),
                PRIORITY,
                text,
                place,
                HIGHEST);
        return Optional.empty();
    }
}
