package io.github.godwit.common;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Named threads that do not keep the process alive. Whoever asks for an executor shuts it down. */
public final class DaemonThreads {

    private static final Logger LOG = LoggerFactory.getLogger(DaemonThreads.class);

    private DaemonThreads() {}

    /** Makes threads of one name. */
    public static ThreadFactory factory(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler(DaemonThreads::ended);
            return thread;
        };
    }

    /** A thread does not end silently, and not alone after an {@link Error}. */
    private static void ended(Thread thread, Throwable failure) {
        if (failure instanceof Error error) {
            Loop.end("Thread " + thread.getName(), error);
        }
        LOG.error("Thread {} has ended", thread.getName(), failure);
    }

    /** As many threads as there are tasks; idle ones end after a minute. */
    public static ExecutorService cached(String name) {
        return Executors.newCachedThreadPool(factory(name));
    }

    /** A limited number of threads; idle ones end after a minute. A task beyond those that may wait is rejected. */
    public static ExecutorService bounded(String name, int threads, int waiting) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads, threads, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(waiting), factory(name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** One thread that runs tasks on time. */
    public static ScheduledExecutorService scheduled(String name) {
        return Executors.newSingleThreadScheduledExecutor(factory(name));
    }

    /** Starts one thread. */
    public static Thread start(String name, Runnable task) {
        Thread thread = factory(name).newThread(task);
        thread.start();
        return thread;
    }
}
