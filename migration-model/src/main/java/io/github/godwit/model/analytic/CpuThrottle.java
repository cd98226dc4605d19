package io.github.godwit.model.analytic;

import io.github.godwit.model.MemorySize;
import io.github.godwit.model.MigrationTuning;

/**
 * QEMU's decision to slow the guest (notes §3.4): at a bitmap sync that comes more than a second after the last
 * decision, when more than half as much was dirtied as was sent since then, for the second time, the throttle goes to its
 * initial value and then up by its increment.
 */
final class CpuThrottle {

    private static final double PERIOD_SECONDS = 1.0;
    private static final double TRIGGER_SHARE = 0.5;
    private static final int TRIGGERS = 2;

    private final MigrationTuning tuning;
    private double periodSeconds;
    private double periodDirtyBytes;
    private double periodSentBytes;
    private int triggers;
    private int steps;

    CpuThrottle(MigrationTuning tuning) {
        this.tuning = tuning;
    }

    /** Forgets all that was reported. */
    void clear() {
        periodSeconds = 0;
        periodDirtyBytes = 0;
        periodSentBytes = 0;
        triggers = 0;
        steps = 0;
    }

    /**
     * Reports a round that ends with a bitmap sync.
     *
     * @return whether QEMU decides to slow the guest further
     */
    boolean synced(double seconds, double dirtiedPages, double sentBytes) {
        periodSeconds += seconds;
        periodDirtyBytes += dirtiedPages * MemorySize.PAGE_BYTES;
        periodSentBytes += sentBytes;
        if (periodSeconds <= PERIOD_SECONDS) {
            return false;
        }
        boolean high = periodDirtyBytes > periodSentBytes * TRIGGER_SHARE;
        periodSeconds = 0;
        periodDirtyBytes = 0;
        periodSentBytes = 0;
        if (!high || ++triggers < TRIGGERS) {
            return false;
        }
        triggers = 0;
        steps++;
        return true;
    }

    /** The throttle of auto-converge now, 0 to 0.99. */
    double share() {
        if (steps == 0) {
            return 0;
        }
        int percent = tuning.throttleInitial() + (steps - 1) * tuning.throttleIncrement();
        return Math.min(percent, tuning.throttleMax()) / 100.0;
    }

    /** Whether no further step would change anything. */
    boolean exhausted() {
        return steps > 0 && share() >= tuning.throttleMax() / 100.0;
    }

    /** Whether QEMU has decided to slow the guest at all. */
    boolean active() {
        return steps > 0;
    }
}
