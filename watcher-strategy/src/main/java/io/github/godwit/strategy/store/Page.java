package io.github.godwit.strategy.store;

import java.util.UUID;

/**
 * Which part of a list, and in what order.
 *
 * @param sortKey    what to sort by, as clients name it; {@code id} for the order in which things were made
 * @param descending whether the greatest comes first
 * @param limit      the most rows, at least 1
 * @param marker     the row after which the page begins, or null for the first page
 */
public record Page(String sortKey, boolean descending, int limit, UUID marker) {

    /** All there are, oldest first. */
    public static final Page ALL = new Page("id", false, Integer.MAX_VALUE, null);
}
