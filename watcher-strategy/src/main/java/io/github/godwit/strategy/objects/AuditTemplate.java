package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * What audits can be made from.
 *
 * @param id                its number in the database, 0 before it is stored
 * @param uuid              its id
 * @param name              of its own among templates that are not deleted
 * @param description       for people, or null
 * @param goal              name of the goal
 * @param strategy          name of the strategy, or null
 * @param scope             Watcher's scope, an array
 * @param defaultParameters what audits from it start with, an object; needs a strategy
 * @param createdAt         when it was made
 * @param updatedAt         last change, or null
 */
public record AuditTemplate(
        long id,
        UUID uuid,
        String name,
        String description,
        String goal,
        String strategy,
        JsonNode scope,
        JsonNode defaultParameters,
        Instant createdAt,
        Instant updatedAt) {}
