package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.VmProfile;

/**
 * How fast the guest gets on while it is migrated, and what it writes meanwhile.
 *
 * <p>A write to a page that is being tracked costs the vCPU a fault; what its idle time cannot take up slows the guest.
 * A throttle of p takes its share p of all progress: the vCPU sleeps for stretches longer than idle gaps make good.
 */
final class GuestPace {

    private final DirtyCurve curve;
    private final double vcpus;
    private final double utilisation;
    private final double faultSeconds;
    private final MigrationCosts costs;

    GuestPace(VmProfile vm, MigrationCosts costs) {
        this.curve = vm.dirtyCurve();
        this.vcpus = vm.vcpus();
        this.utilisation = Math.min(1, vm.vcpuUse() / vm.vcpus());
        this.costs = costs;
        this.faultSeconds = costs.faultSecondsPerPage(vm);
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
        return (1 - throttle)
                * Math.min(1, 1 / busy)
                * CpuContention.pace((1 - throttle) * Math.min(1, busy), level)
                * contention.kept(granted, busy, costs);
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
