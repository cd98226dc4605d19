package io.github.godwit.strategy.store;

import java.util.UUID;

/**
 * One page of a list.
 *
 * @param sortKey    the sort key, by its name for clients; {@code id} for the order of creation
 * @param descending whether the greatest value comes first
 * @param limit      maximum number of rows, at least 1
 * @param marker     UUID of the row after which the page begins, or null for the first page
 */
public record Page(String sortKey, boolean descending, int limit, UUID marker) {

    /** All rows, oldest first. */
    public static final Page ALL = new Page("id", false, Integer.MAX_VALUE, null);
}
