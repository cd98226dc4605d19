package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.store.BatchStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.CRC32;
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

    /** What an intermediary gets once QEMU has sent every page: how many batches there are, and a checksum. */
    static byte[] countBytes(int batches) {
        byte[] number = ByteBuffer.allocate(Integer.BYTES).putInt(batches).array();
        return ByteBuffer.allocate(2 * Integer.BYTES)
                .put(number)
                .putInt(checksum(number))
                .array();
    }

    /** How many batches there are; empty as long as no intermediary that answers knows that. */
    public OptionalInt storedCount() {
        for (BatchStore.Factory factory : stores) {
            try (BatchStore store = factory.open()) {
                Optional<byte[]> found = store.get(Placement.key(migration, Placement.COUNT));
                if (found.isPresent() && found.get().length == 2 * Integer.BYTES) {
                    ByteBuffer bytes = ByteBuffer.wrap(found.get());
                    int batches = bytes.getInt();
                    if (batches >= 0 && Arrays.equals(found.get(), countBytes(batches))) {
                        return OptionalInt.of(batches);
                    }
                }
            } catch (IOException e) {
                LOG.debug("The number of batches of migration {}", migration, e);
            }
        }
        return OptionalInt.empty();
    }

    private static int checksum(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    Placement placement() {
        return new Placement(stores.size(), copies);
    }
}
