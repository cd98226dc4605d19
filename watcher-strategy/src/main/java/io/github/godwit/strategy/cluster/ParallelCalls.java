package io.github.godwit.strategy.cluster;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Many questions to others, asked side by side. */
final class ParallelCalls {

    private static final int MOST_THREADS = 32;

    private ParallelCalls() {}

    /** The answers, in the order of the questions; those that take longer than the limit are cancelled. */
    static <T> List<Future<T>> ask(String name, List<Callable<T>> questions, Duration limit)
            throws InterruptedException {
        if (questions.isEmpty()) {
            return List.of();
        }
        AtomicInteger number = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(MOST_THREADS, questions.size()), work -> {
            Thread thread = new Thread(work, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        try {
            return threads.invokeAll(questions, limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            threads.shutdownNow();
        }
    }
}
