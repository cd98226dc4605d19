package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueTraits.Throttle;
import io.github.godwit.model.unit.MemorySize;

/**
 * QEMU's decision to slow the guest (migration/ram.c, {@code migration_trigger_throttle}). At a bitmap sync more than a
 * second after the last decision, if more than half as much was dirtied as was sent since then, and for the second
 * time: the throttle starts at its initial value and then rises by its increment.
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

    /** Starts over for another migration. */
    void clear() {
        periodSeconds = 0;
        periodDirtyBytes = 0;
        periodSentBytes = 0;
        triggers = 0;
        steps = 0;
    }

    /**
     * Adds a round that ended with a bitmap sync.
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

    /** Whether a technique can slow the guest. */
    static boolean slows(Technique technique) {
        return technique.traits().throttle() != Throttle.NONE;
    }

    /** Share of its progress that the guest currently loses to the throttle of a technique, 0 to 1. */
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

    /** Pages that the guest writes in some seconds in which it would write {@code pages} without a limit. */
    double written(Technique technique, double pages, double seconds) {
        return steps > 0 && technique.traits().throttle() == Throttle.DIRTY_LIMIT
                ? Math.min(pages, allowedPagesPerSecond() * seconds)
                : pages;
    }

    private double allowedPagesPerSecond() {
        return tuning.dirtyLimitMegabytesPerSecond() * 1e6 * vm.vcpus() / MemorySize.PAGE_BYTES;
    }

    /** The current throttle of auto-converge, 0 to 0.99. */
    double share() {
        if (steps == 0) {
            return 0;
        }
        int percent = tuning.throttleInitial() + (steps - 1) * tuning.throttleIncrement();
        return Math.min(percent, tuning.throttleMax()) / 100.0;
    }

    /** Whether the throttle has reached its maximum. */
    boolean exhausted() {
        return steps > 0 && share() >= tuning.throttleMax() / 100.0;
    }
}
