package io.github.godwit.host.driver;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.common.Loop;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Runs the periodic tasks of the host driver on one thread, one after the other, every two seconds. */
final class Housekeeping implements AutoCloseable {

    private static final long PERIOD_SECONDS = 2;

    private final List<Runnable> chores;
    private final ScheduledExecutorService thread = DaemonThreads.scheduled("housekeeping");

    Housekeeping(List<Runnable> chores) {
        this.chores = chores.stream()
                .<Runnable>map(chore -> new Loop("A periodic task", chore))
                .toList();
    }

    void start() {
        var unused = thread.scheduleWithFixedDelay(this::runAll, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    private void runAll() {
        chores.forEach(Runnable::run);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
