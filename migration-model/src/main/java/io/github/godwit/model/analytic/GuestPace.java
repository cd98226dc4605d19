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

    private final DirtyCurve curve;
    private final double utilisation;
    private final double faultSeconds;

    GuestPace(VmProfile vm, MigrationCosts costs) {
        this.curve = vm.dirtyCurve();
        this.utilisation = Math.min(1, vm.vcpuUse() / vm.vcpus());
        this.faultSeconds = costs.faultSecondsPerPage();
    }

    /** Share of its own speed that the guest keeps over a stretch in which each page's first write faults. */
    double speed(double seconds, double throttle) {
        if (seconds <= 0) {
            return 1 - throttle;
        }
        double busy = utilisation + curve.pagesAfter(seconds) * faultSeconds / seconds;
        return (1 - throttle) * Math.min(1, 1 / Math.max(busy, 1e-9));
    }

    /** Unique pages that the guest writes in a stretch at a given speed. */
    double dirtied(double seconds, double speed) {
        return curve.pagesAfter(seconds * speed);
    }

    /** vCPU utilisation before the migration, 0 to 1. */
    double utilisation() {
        return utilisation;
    }
}
