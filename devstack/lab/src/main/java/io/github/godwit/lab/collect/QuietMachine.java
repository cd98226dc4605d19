package io.github.godwit.lab.collect;

import io.github.godwit.lab.collect.ForeignLoad.Load;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Waits for an idle machine, for a bounded time.
 *
 * @param foreign  measures the load of other processes
 * @param patience how long to wait at a time
 * @param progress receives a message for people when it waits
 */
record QuietMachine(ForeignLoad foreign, Duration patience, Consumer<String> progress) {

    /** Period over which the load is measured. */
    private static final Duration PERIOD = Duration.ofMillis(500);

    /** Whether it is worth to measure again what other load disturbed. */
    boolean waits() {
        return !patience.isZero();
    }

    /** End of a wait that starts now, as {@link System#nanoTime()}. */
    long deadline() {
        return System.nanoTime() + patience.toNanos();
    }

    /** Returns as soon as the load is low, or when the patience is over. */
    void await() throws InterruptedException {
        boolean reported = false;
        long deadline = deadline();
        while (System.nanoTime() - deadline < 0) {
            ForeignLoad.Sample before = foreign.sample();
            TimeUnit.MILLISECONDS.sleep(PERIOD.toMillis());
            Load load = foreign.sample().since(before);
            if (!load.disturbs()) {
                return;
            }
            if (!reported) {
                reported = true;
                progress.accept("Waiting for an idle machine: other processes use %.2f cores, %.2f are stolen"
                        .formatted(load.foreignCores(), load.stolenCores()));
            }
        }
    }
}
