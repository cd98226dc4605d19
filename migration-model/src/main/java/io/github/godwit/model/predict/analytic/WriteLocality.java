package io.github.godwit.model.predict.analytic;

import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.VmProfile;
import java.util.List;

/**
 * Where a VM writes, as far as its unique-dirty-pages curve and its spatial locality tell: some pages often, others seldom, and
 * how much of it in the order of addresses.
 *
 * <p>At the end of the curve the pages that are written often have all been seen, and what still rises is the others: the curve's last
 * slope is {@code coldRate}, and where that line cuts the axis is {@code hotPages}. Of the cold pages only a part was seen; since
 * a page's neighbour was seen with the same probability, spatial locality tells which part.
 *
 * <p>Writes in order leave long runs of neighbouring pages, which show as a spatial locality of 1, and raise the curve straight until all
 * pages were seen. Writes at random that have seen nearly all pages leave such runs too, but bend the curve.
 *
 * @param hotPages   pages that are written often
 * @param hotRate    how many of them are written in a second, not only for the first time
 * @param coldPages  pages that are written now and then
 * @param coldRate   how many of them are written in a second
 * @param sequential how likely it is that the writes go on where the last one ended, 0 to 1
 */
record WriteLocality(double hotPages, double hotRate, double coldPages, double coldRate, double sequential) {

    private static final WriteLocality NONE = new WriteLocality(0, 0, 0, 0, 0);
    private static final double NEARLY_ALL = 0.98;
    private static final double LEAST_DENSITY = 0.01;
    /** Pages in a row that count as a run. */
    private static final int RUN = 8;

    private static final double LEAST_RUNS = 0.01;
    /** Standard deviation of a point of the curve, as a share of all pages that were seen. */
    private static final double CURVE_NOISE = 0.05;

    /** Rounds through all pages in a second that are tried. */
    private static final double LEAST_RATE = 0.3;

    private static final double MOST_RATE = 60;
    private static final double RATE_STEP = 1.12;

    /** Of a VM. */
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
        double cold = Math.min(most, coldSeen / Math.max(LEAST_DENSITY, Math.min(1, density)));
        return new WriteLocality(
                hot, hotRate(points.get(0), hot, coldRate), cold, coldRate, sequential(vm, points, seen));
    }

    /** All pages that are written. */
    double pages() {
        return hotPages + coldPages;
    }

    /** From the first window: of pages that are written at random, the more are written again the more have been. */
    private static double hotRate(DirtyCurve.Point first, double hot, double coldRate) {
        if (hot <= 0) {
            return 0;
        }
        double share = Math.max(0, first.pages() - coldRate * first.windowSeconds()) / hot;
        return -Math.log(1 - Math.min(NEARLY_ALL, share)) * hot / first.windowSeconds();
    }

    /** The probability that the curve is one of writes in order rather than at random, times that of long runs of pages. */
    private static double sequential(VmProfile vm, List<DirtyCurve.Point> points, double seen) {
        double runs = Math.pow(vm.spatialLocality(), RUN);
        if (runs < LEAST_RUNS) {
            return 0;
        }
        double straight = Double.POSITIVE_INFINITY;
        double bent = Double.POSITIVE_INFINITY;
        for (double rate = LEAST_RATE; rate < MOST_RATE; rate *= RATE_STEP) {
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
