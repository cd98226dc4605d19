package io.github.godwit.nova;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Limits the whole time of a call: the timeout of openstack4j's client applies to each read, so that a server that sends a byte now and
 * then could hold a call for ever. A call that is late continues on its thread until its connection ends.
 */
final class CallDeadline {

    private static final int MOST_CALLS = 64;

    private final Duration deadline;
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(0, MOST_CALLS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "openstack");
                thread.setDaemon(true);
                return thread;
            });

    /** Creates the limit. */
    CallDeadline(Duration deadline) {
        this.deadline = deadline;
    }

    /**
     * Calls within the time.
     *
     * @throws OpenStackException if the call is late, too many others are late, or the thread is interrupted
     */
    <T> T call(Supplier<T> work) {
        FutureTask<T> task = new FutureTask<>(work::get);
        try {
            threads.execute(task);
            return task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw late("The cloud did not answer completely within %d ms.".formatted(deadline.toMillis()), e);
        } catch (RejectedExecutionException e) {
            throw late("%d requests already wait for the cloud.".formatted(MOST_CALLS), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late("Interrupted while waiting for the cloud.", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static OpenStackException late(String message, Exception cause) {
        return new OpenStackException(OpenStackException.NO_ANSWER, message, cause);
    }
}
