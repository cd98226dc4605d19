package io.github.godwit.host.scatter;

import io.github.godwit.model.unit.Checks;
import java.util.BitSet;

/**
 * Where batches are stored: on one intermediary after the other, each with its copies on the following ones.
 *
 * @param intermediaries number of intermediaries
 * @param copies         on how many of them each batch is stored
 */
record Placement(int intermediaries, int copies) {

    /** In place of the number of a batch: how many batches there are, which every intermediary gets. */
    static final int COUNT = -1;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if there are more copies than intermediaries, or none
     */
    Placement {
        Checks.inRange("copies", copies, 1, intermediaries);
    }

    /** The intermediary that has a copy of a batch. */
    int of(int batch, int copy) {
        return (batch + copy) % intermediaries;
    }

    /** The intermediaries that have a copy of a batch. */
    BitSet all(int batch) {
        BitSet all = new BitSet(intermediaries);
        if (batch == COUNT) {
            all.set(0, intermediaries);
            return all;
        }
        for (int copy = 0; copy < copies; copy++) {
            all.set(of(batch, copy));
        }
        return all;
    }

    /** The key of a batch. */
    static String key(String migration, int batch) {
        return prefix(migration) + (batch == COUNT ? "count" : batch);
    }

    /** What the keys of a migration begin with. */
    static String prefix(String migration) {
        return "godwit:" + migration + ":";
    }
}
