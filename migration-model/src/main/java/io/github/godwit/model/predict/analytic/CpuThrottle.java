package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueTraits.Throttle;
import io.github.godwit.model.unit.MemorySize;

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
    private final VmProfile vm;
    private double periodSeconds;
    private double periodDirtyBytes;
    private double periodSentBytes;
    private int triggers;
    private int steps;

    CpuThrottle(MigrationTuning tuning, VmProfile vm) {
        this.tuning = tuning;
        this.vm = vm;
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

    /** Whether a technique slows the guest at all. */
    static boolean slows(Technique technique) {
        return technique.traits().throttle() != Throttle.NONE;
    }

    /** Share of its progress that a technique now takes from the guest. */
    double slowdown(Technique technique) {
        if (steps == 0) {
            return 0;
        }
        return switch (technique.traits().throttle()) {
            case NONE -> 0;
            case AUTO_CONVERGE -> share();
            case DIRTY_LIMIT -> {
                double wanted = vm.dirtyCurve().initialPagesPerSecond();
                yield wanted <= allowedPagesPerSecond() ? 0 : 1 - allowedPagesPerSecond() / wanted;
            }
        };
    }

    /** What is left of the pages that the guest would write in some seconds. */
    double written(Technique technique, double pages, double seconds) {
        return steps > 0 && technique.traits().throttle() == Throttle.DIRTY_LIMIT
                ? Math.min(pages, allowedPagesPerSecond() * seconds)
                : pages;
    }

    private double allowedPagesPerSecond() {
        return tuning.dirtyLimitMegabytesPerSecond() * 1e6 * vm.vcpus() / MemorySize.PAGE_BYTES;
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
}
