package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The input of a strategy.
 *
 * @param goal       name of the goal
 * @param strategy   name of the strategy
 * @param parameters its parameters, including defaults
 * @param scope      the part of the cluster that it may change, in Watcher's format
 */
public record AuditQuestion(String goal, String strategy, JsonNode parameters, JsonNode scope) {}
