package io.github.godwit.host.scatter;

import java.time.Duration;

/**
 * How many batches that nobody waits for are on their way at once. A page that the VM waits for is queued behind them on the destination's
 * link: while it waits for pages, there is one. Thread-safe.
 */
final class BulkPace {

    /** So long after a page that was waited for, the next one is likely. */
    private static final Duration LIKELY = Duration.ofMillis(200);

    private final int most;
    private int underWay;
    private long lastUrgent = System.nanoTime() - LIKELY.toNanos();

    /**
     * @param most batches at once when nothing is waited for
     */
    BulkPace(int most) {
        this.most = most;
    }

    /** The VM waits for a page. */
    synchronized void urgent() {
        lastUrgent = System.nanoTime();
    }

    /** Waits until a batch may be fetched; {@link #end} follows. */
    synchronized void begin() throws InterruptedException {
        while (underWay >= limit()) {
            wait();
        }
        underWay++;
    }

    private int limit() {
        return System.nanoTime() - lastUrgent < LIKELY.toNanos() ? 1 : most;
    }

    /** The batch has come, or does not. */
    synchronized void end() {
        underWay--;
        notifyAll();
    }
}
