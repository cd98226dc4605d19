package io.github.godwit.lab.run;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Takes a lab down at the end of a block, however it ends. Ctrl-C interrupts the thread that opened it and waits until its
 * {@code close} is through, so that nothing is made any more while the lab goes.
 */
public final class TakenDownOnExit implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final LabDown down;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;
    private boolean kept;

    /** From here on the lab goes with the block. */
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
                System.err.println("lab: The lab could not be taken down in time. Run 'lab down'.");
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
            // the program ends: the hook is what brought us here
            assert hook.isAlive();
        }
    }
}
