package io.github.godwit.host.net;

import io.github.godwit.common.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task periodically on a named daemon thread. A failure is logged and does not end the period. */
final class Ticker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);

    private final ScheduledExecutorService executor;
    private final ScheduledFuture<?> runs;

    /** Starts the period; the task runs for the first time after one period. */
    Ticker(String name, Duration period, Runnable task) {
        executor = DaemonThreads.scheduled(name);
        runs = executor.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.error("The task of {} failed; it runs again in {}.", name, period, e);
                    }
                },
                period.toNanos(),
                period.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    /** Ends the period; a running task is not interrupted. */
    @Override
    public void close() {
        runs.cancel(false);
        executor.shutdown();
    }
}
