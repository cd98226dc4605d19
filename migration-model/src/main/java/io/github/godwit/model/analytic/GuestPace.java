package io.github.godwit.model.analytic;

import io.github.godwit.model.DirtyCurve;
import io.github.godwit.model.VmProfile;

/**
 * How fast the guest gets on while it is migrated, and what it writes meanwhile.
 *
 * <p>A write to a page that is being tracked costs the vCPU a fault; what its idle time cannot take up slows the guest.
 * A throttle of p takes its share p of all progress: the vCPU sleeps for stretches longer than idle gaps make good.
 */
final class GuestPace {

    /** What the VM's use before says of what it wanted then converges that fast. */
    private static final int ROUNDS = 3;
    /** Share of what contention should take that it took before the migration, fitted to the lab's rows. */
    private static final double FELT_BEFORE = 0.66;

    private final DirtyCurve curve;
    private final double vcpus;
    /** Use of a vCPU that has a core for itself. */
    private final double utilisation;
    /** Speed before the migration, as a share of that of such a vCPU. */
    private final double before;

    private final double faultSeconds;
    private final MigrationCosts costs;

    /**
     * Of a VM.
     *
     * @param source contention of the host that it was looked at on
     */
    GuestPace(VmProfile vm, CpuContention source, MigrationCosts costs) {
        this.curve = vm.dirtyCurve();
        this.vcpus = vm.vcpus();
        this.costs = costs;
        this.faultSeconds = costs.faultSecondsPerPage(vm);
        double used = Math.min(1, vm.vcpuUse() / vm.vcpus());
        double kept = 1;
        double wanted = used;
        for (int i = 0; i < ROUNDS; i++) {
            kept = kept(source, source.level(0, 0, wanted * vcpus, vcpus), 0, wanted);
            wanted = Math.min(1, used / kept);
        }
        this.utilisation = wanted;
        this.before = 1 - FELT_BEFORE * (1 - kept);
    }

    /** Cores that the guest would use over a stretch in which each page's first write faults. */
    double demand(double seconds, double throttle) {
        return vcpus * (1 - throttle) * Math.min(1, busy(seconds));
    }

    /**
     * Share of its own speed that the guest keeps over such a stretch.
     *
     * @param throttle   share of the time that its vCPUs are made to sleep
     * @param contention of the host's cores
     * @param level      the level there
     * @param granted    cores that the migration takes
     */
    double speed(double seconds, double throttle, CpuContention contention, double level, double granted) {
        double busy = busy(seconds);
        double running = (1 - throttle) * Math.min(1, busy);
        return (1 - throttle) * Math.min(1, 1 / busy) * kept(contention, level, granted, running) / before;
    }

    /**
     * Share of its own speed that the guest keeps where none of its writes fault; more than 1 where it has more room than before.
     *
     * @param contention of the host's cores
     * @param level      the level there
     * @param granted    cores that the migration takes
     */
    double speed(CpuContention contention, double level, double granted) {
        return kept(contention, level, granted, utilisation) / before;
    }

    /** Cores that the guest would use where none of its writes fault. */
    double demand() {
        return vcpus * utilisation;
    }

    private double kept(CpuContention contention, double level, double granted, double use) {
        return CpuContention.pace(use, level) * contention.kept(granted, use, costs);
    }

    /** Use of a vCPU, the faults with it; more than 1 where it cannot keep up. */
    private double busy(double seconds) {
        return seconds <= 0 ? utilisation : utilisation + curve.pagesAfter(seconds) * faultSeconds / seconds / vcpus;
    }

    /** Unique pages that the guest writes in a stretch at a given speed. */
    double dirtied(double seconds, double speed) {
        return curve.pagesAfter(seconds * speed);
    }
}
