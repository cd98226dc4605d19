package io.github.godwit.strategy.audit;

import io.github.godwit.common.DaemonThreads;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Interrupts the thread that made it when a condition comes to hold that another instance may have brought about: the database
 * is asked, since it is all that instances have in common.
 */
final class InterruptWhen implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(InterruptWhen.class);
    private static final long LOOK_MILLIS = 500;

    private final ScheduledExecutorService timer = DaemonThreads.scheduled("cancel-watch");
    private final Thread watched = Thread.currentThread();
    private ScheduledFuture<?> looks;
    private boolean closed;
    private boolean fired;

    private InterruptWhen() {}

    static InterruptWhen becomes(BooleanSupplier condition) {
        InterruptWhen watch = new InterruptWhen();
        synchronized (watch) {
            watch.looks = watch.timer.scheduleWithFixedDelay(
                    () -> watch.look(condition), LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
        return watch;
    }

    private void look(BooleanSupplier condition) {
        boolean holds;
        try {
            holds = condition.getAsBoolean();
        } catch (RuntimeException e) {
            LOG.debug("Whether to go on cannot be told now", e);
            return;
        }
        synchronized (this) {
            if (holds && !closed) {
                fired = true;
                watched.interrupt();
                looks.cancel(false);
            }
        }
    }

    /** Interrupts no more; called by the thread that is watched, it takes back an interrupt that came too late to be seen. */
    @Override
    public synchronized void close() {
        closed = true;
        timer.shutdownNow();
        if (fired) {
            Thread.interrupted();
        }
    }
}
