package io.github.godwit.lab.client;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Keeps a load to a number of operations per second. Operations that could not be done in time are not made up for. */
final class Pace {

    /** Enough to see gaps of a millisecond, and little work for the machine. */
    private static final int DEFAULT = 1000;

    private final long periodNanos;
    private long next = System.nanoTime();

    private Pace(int perSecond) {
        periodNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    }

    /** The pace of a guest's rate; 1,000 operations per second if that is empty. */
    static Pace of(String rate) {
        return new Pace(rate.isEmpty() ? DEFAULT : Integer.parseInt(rate));
    }

    /** Waits until the next operation is due. */
    void await() throws InterruptedException {
        long now = System.nanoTime();
        while (next - now > 0) {
            LockSupport.parkNanos(next - now);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            now = System.nanoTime();
        }
        next = Math.max(next + periodNanos, now);
    }
}
