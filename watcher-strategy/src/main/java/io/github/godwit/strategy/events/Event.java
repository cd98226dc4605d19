package io.github.godwit.strategy.events;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Something that happened.
 *
 * @param time when
 * @param type what kind: {@code audit}, {@code action_plan}, {@code action}, {@code migration}
 * @param uuid what it happened to
 * @param data what there is to say
 */
public record Event(Instant time, String type, String uuid, JsonNode data) {}
