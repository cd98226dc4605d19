package io.github.godwit.strategy.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Turns Ctrl-C into an interrupt of the working thread, and delays the end of the program until that thread has cleaned up. */
final class InterruptOnShutdown {

    private static final long MOST_SECONDS = 45;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    private InterruptOnShutdown(Thread worker) {
        this.hook = new Thread(
                () -> {
                    worker.interrupt();
                    awaitDone();
                },
                "interrupt-on-shutdown");
    }

    /** Guards a thread until the guard is closed. */
    static InterruptOnShutdown of(Thread worker) {
        InterruptOnShutdown guard = new InterruptOnShutdown(worker);
        Runtime.getRuntime().addShutdownHook(guard.hook);
        return guard;
    }

    private void awaitDone() {
        try {
            if (!done.await(MOST_SECONDS, TimeUnit.SECONDS)) {
                System.err.println(
                        "godwit-strategy: The running migration has not ended. It may continue; check its VM.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the guard, when the thread has finished. */
    void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the hook is running already
        }
    }
}
