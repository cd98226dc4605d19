package io.github.godwit.host.scatter;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the source's QEMU has sent every page. One that has pages left pauses its post-copy if its connection is closed, and can be recovered; one that
 * has none only waits for an answer, and its migration fails then. That is decided once. Thread-safe.
 */
public final class QemuEnd {

    private static final Logger LOG = LoggerFactory.getLogger(QemuEnd.class);

    /** Longer than the slices in which QEMU keeps to a limit of its rate. */
    private static final Duration SLICE = Duration.ofMillis(150);

    /** Within this time a QEMU that is not read from has filled its socket. */
    private static final Duration FILLS = Duration.ofSeconds(5);

    private final Remaining remaining;
    private Boolean reached;

    /** What QEMU has not sent yet. */
    @FunctionalInterface
    public interface Remaining {
        /**
         * In bytes.
         *
         * @throws IOException if QEMU does not say
         */
        long bytes() throws IOException;
    }

    /** @param remaining asks QEMU what it has not sent yet */
    public QemuEnd(Remaining remaining) {
        this.remaining = remaining;
    }

    /** QEMU's stream has come to its end. Returns whether that was not given up before. */
    synchronized boolean comes(PendingBatches pending) {
        if (reached == null) {
            reached = true;
            pending.drain();
        }
        return reached;
    }

    /**
     * Whether QEMU has pages left. It is not read from while that is decided, nor afterwards if it has.
     *
     * @param pending takes its pages
     * @param ready   waits until it may be kept waiting
     * @param last    runs if it has none left, but not all have come yet
     */
    synchronized boolean leavesPages(PendingBatches pending, Runnable ready, Runnable last) {
        if (reached == null) {
            ready.run();
            pending.hold();
            reached = hasNothingLeft();
            if (reached) {
                pending.drain();
                last.run();
            }
        }
        return !reached;
    }

    /** A QEMU that is not read from sends what its socket takes, and then no more: what it still has left, it has not sent. */
    private boolean hasNothingLeft() {
        long deadline = System.nanoTime() + FILLS.toNanos();
        try {
            long before = -1;
            long now = remaining.bytes();
            while (now > 0 && now != before && System.nanoTime() < deadline) {
                TimeUnit.NANOSECONDS.sleep(SLICE.toNanos());
                before = now;
                now = remaining.bytes();
            }
            return now == 0;
        } catch (IOException e) {
            LOG.debug("QEMU holds its monitor while it sends its last pages", e);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
