package io.github.godwit.training.learn;

import io.github.godwit.model.predict.forest.CaseVector;
import java.util.List;
import java.util.stream.IntStream;

/** The positions of a {@link CaseVector} that a model may read. */
@SuppressWarnings("ImmutableEnumChecker") // the list is copied
public enum FeatureSet {
    /** The dirty rate alone. */
    DR("DIRTY_RATE_MIB_S"),
    /** Dirty rate and memory size. */
    DR_VMSIZE("DIRTY_RATE_MIB_S", "MEMORY_MIB"),
    /** Dirty rate, memory size and writable working set. */
    DR_VMSIZE_WSS("DIRTY_RATE_MIB_S", "MEMORY_MIB", "WORKING_SET_MIB"),
    /** All features of the case. */
    CASE,
    /** All features of the case and the predictions of the simulation. */
    PHYSICS;

    private final List<String> names;

    FeatureSet(String... names) {
        this.names = List.of(names);
    }

    /** The positions in ascending order. */
    public int[] places() {
        List<String> all = CaseVector.names();
        return switch (this) {
            case CASE -> IntStream.range(0, CaseVector.CASE_FEATURES).toArray();
            case PHYSICS -> IntStream.range(0, CaseVector.LENGTH).toArray();
            default -> names.stream().mapToInt(all::indexOf).sorted().toArray();
        };
    }
}
