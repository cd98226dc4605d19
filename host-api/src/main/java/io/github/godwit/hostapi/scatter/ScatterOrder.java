package io.github.godwit.hostapi.scatter;

import java.util.List;

/**
 * On which intermediaries the pages of a migration by SCATTER-GATHER wait.
 *
 * @param intermediaries their names, such as {@code 10.0.0.9:6379}, which source and destination know by their own configuration; null for
 *                       all that both know
 * @param copies         on how many of them each page is stored; null for 2, or 1 where there is only one
 * @param zstd           whether the source compresses pages; null for no
 */
public record ScatterOrder(List<String> intermediaries, Integer copies, Boolean zstd) {

    /** Copies the list. */
    public ScatterOrder {
        intermediaries = intermediaries == null ? null : List.copyOf(intermediaries);
    }
}
