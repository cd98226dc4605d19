package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.VmProfile;

/**
 * How fast the guest runs while it is migrated, and how many pages it writes meanwhile.
 *
 * <p>The first write to a tracked page costs the vCPU a fault. Faults that do not fit in its idle time slow the guest.
 * A throttle of p takes the share p of all progress: the vCPU sleeps for longer than its idle gaps could compensate.
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

    /** Cores that the guest would use in a period in which the first write to each page faults. */
    double demand(double seconds, double throttle) {
        return vcpus * (1 - throttle) * Math.min(1, busy(seconds));
    }

    /**
     * Share of its own speed that the guest keeps in such a period.
     *
     * @param seconds    length of the period
     * @param throttle   share of the time for which its vCPUs are made to sleep
     * @param contention contention for the host's cores
     * @param level      the level of that contention
     * @param granted    cores that the migration uses
     */
    double speed(double seconds, double throttle, CpuContention contention, double level, double granted) {
        double busy = busy(seconds);
        return (1 - throttle)
                * Math.min(1, 1 / busy)
                * CpuContention.pace((1 - throttle) * Math.min(1, busy), level)
                * contention.kept(granted, busy, costs);
    }

    /** Utilisation of a vCPU including faults; more than 1 if it cannot keep up. */
    private double busy(double seconds) {
        return seconds <= 0 ? utilisation : utilisation + curve.pagesAfter(seconds) * faultSeconds / seconds / vcpus;
    }

    /** Unique pages that the guest writes in a period at a given speed. */
    double dirtied(double seconds, double speed) {
        return curve.pagesAfter(seconds * speed);
    }
}
