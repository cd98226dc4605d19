package io.github.godwit.host.driver;

import io.github.godwit.common.DaemonThreads;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the agent's small chores, one after the other, every two seconds on one thread. */
final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final long EVERY_SECONDS = 2;

    private final List<Runnable> chores;
    private final ScheduledExecutorService thread = DaemonThreads.scheduled("housekeeping");

    Housekeeping(List<Runnable> chores) {
        this.chores = chores;
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::once, 0, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    private void once() {
        for (Runnable chore : chores) {
            try {
                chore.run();
            } catch (RuntimeException e) {
                LOG.error("A chore failed; it is tried again in {} s", EVERY_SECONDS, e);
            }
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
