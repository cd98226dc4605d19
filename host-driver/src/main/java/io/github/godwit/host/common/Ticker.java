package io.github.godwit.host.common;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.common.Loop;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs a task periodically on a named daemon thread. A failure is logged and does not end the period. */
public final class Ticker implements AutoCloseable {

    private final ScheduledExecutorService executor;
    private final ScheduledFuture<?> runs;

    /** Starts the period; the task runs for the first time after one period. */
    public Ticker(String name, Duration period, Runnable task) {
        executor = DaemonThreads.scheduled(name);
        runs = executor.scheduleWithFixedDelay(
                new Loop("The task of " + name, task), period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends the period; a running task is not interrupted. */
    @Override
    public void close() {
        runs.cancel(false);
        executor.shutdown();
    }
}
