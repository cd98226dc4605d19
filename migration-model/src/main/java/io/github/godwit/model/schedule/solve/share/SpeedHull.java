package io.github.godwit.model.schedule.solve.share;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The smallest concave function that is nowhere below the speed of a migration (migrations a second) at a share of bandwidth. Each of its
 * lines a·b + c says: a migration that has used so many Mbit of a link in a time cannot be further than a times these plus c times that.
 */
public final class SpeedHull {

    /** Corners by ascending share; the first is at nothing. */
    private final List<double[]> corners = new ArrayList<>();

    /**
     * The hull of points.
     *
     * @param points shares in Mbit/s, above 0, and speeds at them
     */
    public SpeedHull(List<double[]> points) {
        List<double[]> sorted = new ArrayList<>(points);
        sorted.sort(Comparator.comparingDouble(point -> point[0]));
        corners.add(new double[] {0, 0});
        for (double[] next : sorted) {
            while (corners.size() > 1 && slope(corners.size() - 2) <= slope(corners.get(corners.size() - 2), next)) {
                corners.remove(corners.size() - 1);
            }
            corners.add(next);
        }
        // a larger share that is not faster has no line of its own
        while (corners.size() > 2 && slope(corners.size() - 2) <= 0) {
            corners.remove(corners.size() - 1);
        }
    }

    /** Slope of the line that begins at a corner. */
    private double slope(int corner) {
        return slope(corners.get(corner), corners.get(corner + 1));
    }

    private static double slope(double[] from, double[] to) {
        return to[0] <= from[0] ? Double.NEGATIVE_INFINITY : (to[1] - from[1]) / (to[0] - from[0]);
    }

    /** The line over a share: its slope, and its value at no share. */
    public double[] line(double share) {
        int corner = 0;
        while (corner + 2 < corners.size() && corners.get(corner + 1)[0] < share) {
            corner++;
        }
        double slope = slope(corner);
        return new double[] {slope, corners.get(corner)[1] - slope * corners.get(corner)[0]};
    }
}
