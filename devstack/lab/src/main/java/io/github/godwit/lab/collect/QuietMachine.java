package io.github.godwit.lab.collect;

import io.github.godwit.lab.collect.ForeignLoad.Load;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Waits until nothing else uses the machine, but for a bounded time.
 *
 * @param foreign  what else uses it
 * @param patience how long to wait at a time
 * @param progress told when it waits, for people
 */
record QuietMachine(ForeignLoad foreign, Duration patience, Consumer<String> progress) {

    /** A load is a rate over some time: this is the time. */
    private static final Duration LOOK = Duration.ofMillis(500);

    /** When patience that begins now ends, by {@link System#nanoTime()}. */
    long deadline() {
        return System.nanoTime() + patience.toNanos();
    }

    /** Returns as soon as nothing disturbs, or at the end of its patience. */
    void await() throws InterruptedException {
        boolean told = false;
        long deadline = deadline();
        while (System.nanoTime() - deadline < 0) {
            ForeignLoad.Sample before = foreign.sample();
            TimeUnit.MILLISECONDS.sleep(LOOK.toMillis());
            Load load = foreign.sample().since(before);
            if (!load.disturbs()) {
                return;
            }
            if (!told) {
                told = true;
                progress.accept("Waiting: others use %.2f cores, %.2f are stolen"
                        .formatted(load.foreignCores(), load.stolenCores()));
            }
        }
    }
}
