package io.github.godwit.lab.experiment;

import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Measures everything in turn, so that a machine that becomes slower disturbs nothing more than the rest. */
final class Rounds {

    private Rounds() {}

    /**
     * The first of those with the fewest runs.
     *
     * @param all   what is measured, in the order of a round
     * @param done  the number of runs of each
     * @param times runs that each should have
     * @return empty if each has them
     */
    static <T> Optional<T> next(List<T> all, ToIntFunction<T> done, int times) {
        T least = null;
        int runs = times;
        for (T each : all) {
            int has = done.applyAsInt(each);
            if (has < runs) {
                least = each;
                runs = has;
            }
        }
        return Optional.ofNullable(least);
    }
}
