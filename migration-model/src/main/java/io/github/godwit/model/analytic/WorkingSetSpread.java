package io.github.godwit.model.analytic;

import io.github.godwit.model.VmProfile;

/**
 * Over how much of the memory the writable working set is strewn.
 *
 * <p>Of a working set in one piece, of which a share q was written within a second, a written page's neighbour was
 * written with probability q; of one strewn over k times as many pages, with q/k. So spatial locality over q is how
 * densely it lies, whatever the pattern of the writes.
 */
final class WorkingSetSpread {

    /** The stretch between the two looks that spatial locality is measured by. */
    private static final double LOOK_SECONDS = 1.0;

    private WorkingSetSpread() {}

    /** Share of the given pages that has to be sent, in one sweep, to send the working set: 0 to 1. */
    static double shareOf(VmProfile vm, double pages) {
        double workingSet = vm.dirtyCurve().writableWorkingSetPages();
        if (workingSet <= 0 || pages <= 0) {
            return 1;
        }
        double written = vm.dirtyCurve().pagesAfter(LOOK_SECONDS) / workingSet;
        double density = written <= 0 ? 1 : Math.min(1, vm.spatialLocality() / written);
        double least = workingSet / pages;
        return Math.min(1, density <= 0 ? 1 : least / density);
    }
}
