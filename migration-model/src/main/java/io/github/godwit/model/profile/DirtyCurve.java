package io.github.godwit.model.profile;

import java.util.List;

/**
 * The unique-dirty-pages curve of a VM: how many different pages it writes within a window of a given length.
 *
 * <p>A page written twice in a window counts once, so the curve rises steeply at first and flattens towards the
 * writable working set. Between the measured windows it is linear; before the first it is a line through the origin;
 * after the last it continues with the last slope, up to {@code limitPages}. QEMU's {@code calc-dirty-rate} yields this
 * curve when it is called with several values of {@code calc-time}.
 *
 * @param points     measured points in order of increasing windows; pages never decrease
 * @param limitPages upper limit of the pages that the VM can dirty: its non-zero pages
 */
public record DirtyCurve(List<Point> points, long limitPages) {

    /**
     * One measurement.
     *
     * @param windowSeconds length of the window, in seconds, positive
     * @param pages         unique pages written in it, not negative
     */
    public record Point(double windowSeconds, double pages) {
        /**
         * @throws IllegalArgumentException when the window is not positive or the pages are negative
         */
        public Point {
            if (!(windowSeconds > 0) || !(pages >= 0)) {
                throw new IllegalArgumentException(
                        "A dirty-curve point needs a positive window and no negative pages, not (%s s, %s pages)."
                                .formatted(windowSeconds, pages));
            }
        }
    }

    /**
     * Raises points that measurement noise has put below an earlier one to the running maximum.
     *
     * @throws IllegalArgumentException when the windows do not increase or the limit is negative
     */
    public DirtyCurve {
        if (limitPages < 0) {
            throw new IllegalArgumentException("The limitPages (%d) must not be negative.".formatted(limitPages));
        }
        points = monotonic(points);
    }

    /** A VM that writes nothing. */
    public static DirtyCurve idle() {
        return new DirtyCurve(List.of(), 0);
    }

    private static List<Point> monotonic(List<Point> points) {
        Point[] result = points.toArray(Point[]::new);
        for (int i = 1; i < result.length; i++) {
            if (result[i].windowSeconds() <= result[i - 1].windowSeconds()) {
                throw new IllegalArgumentException("The windows of a dirty curve must rise, but %s s follows %s s."
                        .formatted(result[i].windowSeconds(), result[i - 1].windowSeconds()));
            }
            if (result[i].pages() < result[i - 1].pages()) {
                result[i] = new Point(result[i].windowSeconds(), result[i - 1].pages());
            }
        }
        return List.of(result);
    }

    /**
     * Unique pages written in a window.
     *
     * @param windowSeconds the window, in seconds in which the guest runs at full speed; zero or less gives 0
     * @return pages, between 0 and {@code limitPages}
     */
    public double pagesAfter(double windowSeconds) {
        if (points.isEmpty() || windowSeconds <= 0) {
            return 0;
        }
        double fromSeconds = 0;
        double fromPages = 0;
        double slope = 0;
        for (int i = 0; i < points.size(); i++) { // without an iterator: a decision calls this some thousand times
            Point to = points.get(i);
            slope = (to.pages() - fromPages) / (to.windowSeconds() - fromSeconds);
            if (windowSeconds <= to.windowSeconds()) {
                break;
            }
            fromSeconds = to.windowSeconds();
            fromPages = to.pages();
        }
        return Math.min(limitPages, fromPages + slope * (windowSeconds - fromSeconds));
    }

    /**
     * The window within which a number of unique pages is written, the inverse of {@link #pagesAfter}.
     *
     * @param pages unique pages
     * @return seconds in which the guest runs at full speed; 0 for no pages, infinite for more than it ever writes
     */
    public double secondsUntil(double pages) {
        if (pages <= 0) {
            return 0;
        }
        if (points.isEmpty() || pages > limitPages) {
            return Double.POSITIVE_INFINITY;
        }
        double fromSeconds = 0;
        double fromPages = 0;
        double slope = 0;
        for (Point to : points) {
            slope = (to.pages() - fromPages) / (to.windowSeconds() - fromSeconds);
            if (pages <= to.pages()) {
                break;
            }
            fromSeconds = to.windowSeconds();
            fromPages = to.pages();
        }
        return slope > 0 ? fromSeconds + (pages - fromPages) / slope : Double.POSITIVE_INFINITY;
    }

    /**
     * The curve of a VM that writes faster, the same pages.
     *
     * @param factor how many times as fast, positive
     */
    public DirtyCurve faster(double factor) {
        return new DirtyCurve(
                points.stream()
                        .map(each -> new Point(each.windowSeconds() / factor, each.pages()))
                        .toList(),
                limitPages);
    }

    /** The rate at which pages are first written at the start of a window: the slope at the origin, in pages/s. */
    public double initialPagesPerSecond() {
        return points.isEmpty() ? 0 : points.get(0).pages() / points.get(0).windowSeconds();
    }

    /** The writable working set: the pages of the longest measured window, or the limit where that is smaller. */
    public double writableWorkingSetPages() {
        return points.isEmpty()
                ? 0
                : Math.min(limitPages, points.get(points.size() - 1).pages());
    }
}
