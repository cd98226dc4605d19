package io.github.godwit.strategy.common;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls to other services, in parallel. */
public final class ParallelCalls {

    private static final int MAX_THREADS = 32;

    private ParallelCalls() {}

    /**
     * Runs the calls and returns their results in the same order. Calls that take longer than the limit are cancelled.
     *
     * @param name  prefix of the names of the threads
     * @param calls the calls
     * @param limit maximum time for all calls together
     * @throws InterruptedException if the thread is interrupted
     */
    public static <T> List<Future<T>> run(String name, List<Callable<T>> calls, Duration limit)
            throws InterruptedException {
        if (calls.isEmpty()) {
            return List.of();
        }
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(MAX_THREADS, calls.size()), work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            return threads.invokeAll(calls, limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            threads.shutdownNow();
        }
    }
}
