package io.github.godwit.host.scatter;

import java.util.List;

/**
 * What source and destination of one migration have to agree on.
 *
 * @param migration id of the migration
 * @param key       what the source shows to the destination, so that nobody else sends it pages
 * @param stores    the intermediaries, in an order that is the same on both sides
 * @param copies    on how many of them each page is stored
 */
public record ScatterTerms(String migration, String key, List<BatchStore.Factory> stores, int copies) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are more copies than intermediaries, or none
     */
    public ScatterTerms {
        stores = List.copyOf(stores);
        new Placement(stores.size(), copies);
    }

    Placement placement() {
        return new Placement(stores.size(), copies);
    }
}
