package io.github.godwit.training.work;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Applies a function to many elements in parallel, on as many threads as there are cores. */
public final class Parallel {

    private Parallel() {}

    /**
     * Applies a function to each element.
     *
     * @return the results, in the same order
     */
    public static <T, R> List<R> map(List<T> items, Function<T, R> function) {
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            List<Callable<R>> tasks = new ArrayList<>();
            for (T item : items) {
                tasks.add(() -> function.apply(item));
            }
            List<R> results = new ArrayList<>();
            for (Future<R> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the results were computed.", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause().getMessage(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
