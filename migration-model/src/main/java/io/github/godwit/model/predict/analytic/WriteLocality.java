package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.VmProfile;
import java.util.List;

/**
 * Where a VM writes, estimated from its unique-dirty-pages curve and its spatial locality: how many pages it writes
 * often, how many only occasionally, and whether it writes in address order.
 *
 * <p>At the end of the curve all pages that are written often have been seen, and only the others still add to it: the
 * last slope of the curve is {@code coldRate}, and that line meets the axis at {@code hotPages}. Only a part of the
 * cold pages was seen. The neighbour of a page was seen with the same probability, so spatial locality shows how large
 * that part is.
 *
 * <p>Sequential writes leave long runs of neighbouring pages, so spatial locality is 1, and the curve is a straight
 * line until all pages have been seen. Random writes that have reached nearly all pages leave such runs too, but the
 * curve bends.
 *
 * @param hotPages   pages that are written often
 * @param hotRate    writes to hot pages per second, repeated writes included
 * @param coldPages  pages that are written occasionally
 * @param coldRate   writes to cold pages per second
 * @param sequential probability that the VM writes in address order, 0 to 1
 */
record WriteLocality(double hotPages, double hotRate, double coldPages, double coldRate, double sequential) {

    private static final WriteLocality NONE = new WriteLocality(0, 0, 0, 0, 0);
    private static final double MAX_SHARE = 0.98;
    private static final double MIN_DENSITY = 0.01;
    /** Length of a run of neighbouring pages. */
    private static final int RUN = 8;

    private static final double MIN_RUNS = 0.01;
    /** Standard deviation of a point of the curve, as a share of all pages seen. */
    private static final double CURVE_NOISE = 0.05;

    /** The range of passes over all pages per second that are tried. */
    private static final double MIN_RATE = 0.3;

    private static final double MAX_RATE = 60;
    private static final double RATE_STEP = 1.12;

    /** Estimates the locality of a VM. */
    static WriteLocality of(VmProfile vm) {
        List<DirtyCurve.Point> points = vm.dirtyCurve().points();
        double end = points.isEmpty() ? 0 : points.get(points.size() - 1).windowSeconds();
        double seen = vm.dirtyCurve().pagesAfter(end);
        if (seen <= 0) {
            return NONE;
        }
        double half = vm.dirtyCurve().pagesAfter(end / 2);
        double coldRate = Math.min(seen - half, half) / (end / 2);
        double hot = Math.max(0, seen - coldRate * end);
        double coldSeen = seen - hot;
        double density = coldSeen <= 0 ? 1 : (vm.spatialLocality() * seen - hot) / coldSeen;
        double most = Math.max(0, vm.nonZeroPages() - hot);
        double cold = Math.min(most, coldSeen / Math.max(MIN_DENSITY, Math.min(1, density)));
        return new WriteLocality(
                hot, hotRate(points.get(0), hot, coldRate), cold, coldRate, sequential(vm, points, seen));
    }

    /** All pages that the VM writes. */
    double pages() {
        return hotPages + coldPages;
    }

    /** Derived from the first window: random writes hit known pages more often, the more pages are known. */
    private static double hotRate(DirtyCurve.Point first, double hot, double coldRate) {
        if (hot <= 0) {
            return 0;
        }
        double share = Math.max(0, first.pages() - coldRate * first.windowSeconds()) / hot;
        return -Math.log(1 - Math.min(MAX_SHARE, share)) * hot / first.windowSeconds();
    }

    /** The probability that the curve belongs to sequential rather than random writes, times the probability of long runs. */
    private static double sequential(VmProfile vm, List<DirtyCurve.Point> points, double seen) {
        double runs = Math.pow(vm.spatialLocality(), RUN);
        if (runs < MIN_RUNS) {
            return 0;
        }
        double straight = Double.POSITIVE_INFINITY;
        double bent = Double.POSITIVE_INFINITY;
        for (double rate = MIN_RATE; rate < MAX_RATE; rate *= RATE_STEP) {
            double straightNow = 0;
            double bentNow = 0;
            for (int i = 0; i < points.size(); i++) {
                double share = points.get(i).pages() / seen;
                double time = points.get(i).windowSeconds() * rate;
                straightNow += square(share - Math.min(1, time));
                bentNow += square(share + Math.expm1(-time));
            }
            straight = Math.min(straight, straightNow);
            bent = Math.min(bent, bentNow);
        }
        return runs / (1 + Math.exp((straight - bent) / (2 * square(CURVE_NOISE))));
    }

    private static double square(double value) {
        return value * value;
    }
}
