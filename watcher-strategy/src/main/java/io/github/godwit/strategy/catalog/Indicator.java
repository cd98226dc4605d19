package io.github.godwit.strategy.catalog;

/**
 * A figure that tells what a solution is worth.
 *
 * @param name        as clients know it
 * @param description what it counts
 * @param unit        its unit, null for a plain number
 */
public record Indicator(String name, String description, String unit) {}
