package io.github.godwit.strategy.common;

import io.github.godwit.common.DaemonThreads;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts the thread that created it when a condition becomes true. The condition is polled, because another instance may cause
 * it, and the database is all that instances share.
 */
public final class InterruptWhen implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InterruptWhen.class);
    private static final long POLL_MILLIS = 500;

    private final ScheduledExecutorService timer = DaemonThreads.scheduled("cancel-watch");
    private final Thread watched = Thread.currentThread();
    private ScheduledFuture<?> polls;
    private boolean closed;
    private boolean fired;

    private InterruptWhen() {}

    /** Interrupts the calling thread once the condition is true, until the returned object is closed. */
    public static InterruptWhen becomes(BooleanSupplier condition) {
        InterruptWhen watch = new InterruptWhen();
        synchronized (watch) {
            watch.polls = watch.timer.scheduleWithFixedDelay(
                    () -> watch.poll(condition), POLL_MILLIS, POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
        return watch;
    }

    private void poll(BooleanSupplier condition) {
        boolean holds;
        try {
            holds = condition.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.debug("The condition cannot be evaluated now", e);
            return;
        }
        synchronized (this) {
            if (holds && !closed) {
                fired = true;
                watched.interrupt();
                polls.cancel(false);
            }
        }
    }

    /** Stops polling. Must be called by the watched thread; clears an interrupt that came too late to have an effect. */
    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdownNow();
        if (fired) {
            Thread.interrupted();
        }
    }
}
