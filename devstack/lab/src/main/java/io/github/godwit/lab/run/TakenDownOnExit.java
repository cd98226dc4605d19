package io.github.godwit.lab.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes a lab down at the end of a block, however the block ends. Ctrl-C interrupts the thread that opened it and waits for its
 * {@code close}, so nothing new is created while the lab is taken down.
 */
public final class TakenDownOnExit implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LabDown down;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;
    private boolean kept;

    /** Takes the lab down when this is closed or the program is interrupted. */
    public TakenDownOnExit(LabDown down) {
        this.down = down;
        Thread worker = Thread.currentThread();
        this.hook = new Thread(() -> interruptAndWait(worker), "lab-down");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void interruptAndWait(Thread worker) {
        worker.interrupt();
        try {
            if (!closed.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                System.err.println(
                        "lab: The lab was not taken down within %d s. Run 'lab down'.".formatted(PATIENCE.toSeconds()));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Leaves the lab up, unless the thread was interrupted. */
    public void keep() {
        kept = true;
    }

    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            if (!kept || interrupted) {
                down.down();
            }
        } finally {
            closed.countDown();
            removeHook();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the program is ending, and this very hook interrupted the block
            assert hook.isAlive();
        }
    }
}
