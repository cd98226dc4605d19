package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.store.BatchStore;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What source and destination of one migration have to agree on.
 *
 * @param migration id of the migration
 * @param key       what the source shows to the destination, so that nobody else sends it pages
 * @param stores    the intermediaries, in an order that is the same on both sides
 * @param copies    on how many of them each page is stored
 * @param zstd      whether the source compresses pages; batches say which ones are
 */
public record ScatterTerms(String migration, String key, List<BatchStore.Factory> stores, int copies, boolean zstd) {

    private static final Logger LOG = LoggerFactory.getLogger(ScatterTerms.class);

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are more copies than intermediaries, or none
     */
    public ScatterTerms {
        stores = List.copyOf(stores);
        new Placement(stores.size(), copies);
    }

    /**
     * Removes what is left of the migration on the intermediaries.
     *
     * @return whether nothing was left; false also if one does not answer, which is logged
     */
    public boolean removeBatches() {
        long removed = 0;
        boolean all = true;
        for (BatchStore.Factory factory : stores) {
            try (BatchStore store = factory.open()) {
                removed += store.removeAll(Placement.prefix(migration));
            } catch (IOException e) {
                all = false;
                LOG.warn("The pages of migration {} are not removed yet: {}", migration, e.getMessage());
            }
        }
        return all && removed == 0;
    }

    Placement placement() {
        return new Placement(stores.size(), copies);
    }
}
