package io.github.godwit.host.net;

import io.github.godwit.common.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does something again and again on a named daemon thread; a failure is logged and the next turn comes. */
final class Ticker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final ScheduledExecutorService executor;
    private final ScheduledFuture<?> turns;

    /** Starts; the first turn comes after one period. */
    Ticker(String name, Duration period, Runnable turn) {
        executor = DaemonThreads.scheduled(name);
        turns = executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        turn.run();
                    } catch (RuntimeException e) {
                        LOG.error("A turn of {} failed.", name, e);
                    }
                },
                period.toNanos(),
                period.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** No turn begins after this. */
    @Override
    public void close() {
        turns.cancel(false);
        executor.shutdown();
    }
}
