package io.github.godwit.host.libvirt;

import io.github.godwit.common.DaemonThreads;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Runs calls of libvirt on a few threads with a deadline, because libvirt's functions wait for the daemon without one. A call that is
 * late continues on its thread until libvirt's keep-alive ends the connection. As long as a call to the daemon itself is late, further
 * calls fail at once, so that a daemon that hangs delays its callers once and not at every call.
 */
final class LibvirtCalls {

    /** How long a call may take; libvirt answers within milliseconds, even if it is busy within some hundred. */
    static final Duration DEADLINE = Duration.ofSeconds(5);

    private static final int MOST_CALLS = 8;

    private final String uri;
    private final Duration deadline;
    private final AtomicReference<Future<?>> late = new AtomicReference<>();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            0, MOST_CALLS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), DaemonThreads.factory("libvirt"));

    /**
     * Creates the calls of one connection.
     *
     * @param uri      URI of the daemon, for messages
     * @param deadline how long a call may take
     */
    LibvirtCalls(String uri, Duration deadline) {
        this.uri = uri;
        this.deadline = deadline;
    }

    /** Calls the daemon: if it is late, the daemon hangs. */
    <T> T daemon(Callable<T> call) throws LibvirtException {
        return run(call, true);
    }

    /** Calls a domain: if it is late, only this domain may be busy. */
    <T> T domain(Callable<T> call) throws LibvirtException {
        return run(call, false);
    }

    private <T> T run(Callable<T> call, boolean showsDaemon) throws LibvirtException {
        Future<?> stuck = late.get();
        if (stuck != null && !stuck.isDone()) {
            throw new LibvirtException("libvirt at %s has not answered an earlier call yet.".formatted(uri));
        }
        FutureTask<T> task = new FutureTask<>(call);
        try {
            threads.execute(task);
            return task.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            throw new LibvirtException("%d calls already wait for libvirt at %s.".formatted(MOST_CALLS, uri));
        } catch (TimeoutException e) {
            if (showsDaemon) {
                late.set(task);
            }
            throw new LibvirtException("libvirt at %s did not answer within %d ms. See 'systemctl status libvirtd'."
                    .formatted(uri, deadline.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LibvirtException("Interrupted while waiting for libvirt at %s.".formatted(uri));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LibvirtException failure) {
                throw failure;
            }
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new LibvirtException("A call of libvirt at %s failed: %s.".formatted(uri, e.getCause()));
        }
    }
}
