package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.store.BatchStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many batches a migration has, as every intermediary gets it once QEMU has sent every page: the number in four bytes, and the CRC-32 of
 * these.
 */
public final class BatchCount {

    private static final Logger LOG = LoggerFactory.getLogger(BatchCount.class);
    private static final int BYTES = 2 * Integer.BYTES;

    private BatchCount() {}

    static byte[] bytes(int batches) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).putInt(batches);
        return bytes.putInt(PageBatch.checksum(bytes.array(), 0, Integer.BYTES)).array();
    }

    private static OptionalInt read(byte[] bytes) {
        if (bytes.length != BYTES) {
            return OptionalInt.empty();
        }
        ByteBuffer found = ByteBuffer.wrap(bytes);
        int batches = found.getInt();
        boolean sound = batches >= 0 && found.getInt() == PageBatch.checksum(bytes, 0, Integer.BYTES);
        return sound ? OptionalInt.of(batches) : OptionalInt.empty();
    }

    /** How many batches a migration has; empty as long as no intermediary that answers knows that. */
    public static OptionalInt find(ScatterTerms terms) {
        String key = Placement.key(terms.migration(), Placement.COUNT);
        for (BatchStore.Factory factory : terms.stores()) {
            try (BatchStore store = factory.open()) {
                OptionalInt batches = store.get(key).map(BatchCount::read).orElse(OptionalInt.empty());
                if (batches.isPresent()) {
                    return batches;
                }
            } catch (IOException e) {
                LOG.debug("The number of batches of migration {}", terms.migration(), e);
            }
        }
        return OptionalInt.empty();
    }
}
