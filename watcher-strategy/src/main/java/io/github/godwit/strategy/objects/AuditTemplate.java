package io.github.godwit.strategy.objects;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.UUID;

/**
 * A template for audits, as stored.
 *
 * @param id                number in the database, 0 before it is stored
 * @param uuid              identifies it
 * @param name              unique among the templates that are not deleted
 * @param description       free text, or null
 * @param goal              name of the goal
 * @param strategy          name of the strategy, or null
 * @param scope             Watcher's scope, an array
 * @param defaultParameters parameters for audits from it, an object; not empty only with a strategy
 * @param createdAt         when it was created
 * @param updatedAt         when it last changed, or null
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
