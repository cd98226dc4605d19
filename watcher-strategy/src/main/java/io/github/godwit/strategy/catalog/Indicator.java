package io.github.godwit.strategy.catalog;

/**
 * An efficacy indicator of a goal.
 *
 * @param name        Watcher's name of the indicator
 * @param description what it measures
 * @param unit        unit, or null for a number without a unit
 */
public record Indicator(String name, String description, String unit) {}
