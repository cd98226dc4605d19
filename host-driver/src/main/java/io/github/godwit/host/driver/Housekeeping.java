package io.github.godwit.host.driver;

import io.github.godwit.common.DaemonThreads;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the periodic tasks of the host driver on one thread, one after the other, every two seconds. */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long PERIOD_SECONDS = 2;

    private final List<Runnable> chores;
    private final ScheduledExecutorService thread = DaemonThreads.scheduled("housekeeping");

    Housekeeping(List<Runnable> chores) {
        this.chores = chores;
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::runAll, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void runAll() {
        for (Runnable chore : chores) {
            try {
                chore.run();
            } catch (RuntimeException e) {
                LOG.error("A periodic task failed; it runs again in {} s", PERIOD_SECONDS, e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
