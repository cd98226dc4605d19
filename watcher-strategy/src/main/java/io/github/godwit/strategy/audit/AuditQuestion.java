package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What a strategy is asked.
 *
 * @param goal       name of the goal
 * @param strategy   name of the strategy
 * @param parameters its parameters, all of them
 * @param scope      what it may look at, in Watcher's form
 */
public record AuditQuestion(String goal, String strategy, JsonNode parameters, JsonNode scope) {}
