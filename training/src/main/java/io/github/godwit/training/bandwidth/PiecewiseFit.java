package io.github.godwit.training.bandwidth;

import io.github.godwit.model.bandwidth.BandwidthCurve;
import io.github.godwit.model.bandwidth.BandwidthCurve.Origin;
import io.github.godwit.model.bandwidth.BandwidthCurve.Piece;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A continuous piecewise-linear curve through points, by least squares. Breakpoints are searched on a grid; their number, at most two, is
 * that with the smallest Bayesian information criterion.
 *
 * @param breakpoints breakpoints between the pieces, ascending; empty for a straight line
 * @param weights     intercept, slope of the first piece, and the change of the slope at each breakpoint
 * @param squares     sum of the squared errors
 */
record PiecewiseFit(List<Double> breakpoints, List<Double> weights, double squares) {

    private static final double STEP = 0.05;
    /** A piece needs this many points. */
    private static final int LEAST_POINTS = 4;
    /** Errors are not believed to be smaller than this share of the link, lest few exact points invent breakpoints. */
    private static final double RESOLUTION = 1e-3;

    /**
     * Fits a curve.
     *
     * @param points at least two with different traffic
     */
    static PiecewiseFit of(List<BandwidthPoint> points) {
        List<Double> grid = new ArrayList<>();
        for (int i = 1; i * STEP < 1; i++) {
            grid.add(i * STEP);
        }
        PiecewiseFit best = withBreakpoints(points, List.of());
        for (int first = 0; first < grid.size(); first++) {
            best = better(points, best, List.of(grid.get(first)));
            for (int second = first + 1; second < grid.size(); second++) {
                best = better(points, best, List.of(grid.get(first), grid.get(second)));
            }
        }
        return best;
    }

    private static PiecewiseFit better(List<BandwidthPoint> points, PiecewiseFit best, List<Double> breakpoints) {
        if (!everyPieceHasPoints(points, breakpoints)) {
            return best;
        }
        PiecewiseFit fit = withBreakpoints(points, breakpoints);
        return fit.criterion(points.size()) < best.criterion(points.size()) ? fit : best;
    }

    private static boolean everyPieceHasPoints(List<BandwidthPoint> points, List<Double> breakpoints) {
        double from = Double.NEGATIVE_INFINITY;
        for (int i = 0; i <= breakpoints.size(); i++) {
            double begin = from;
            double end = i == breakpoints.size() ? Double.POSITIVE_INFINITY : breakpoints.get(i);
            long different = points.stream()
                    .mapToDouble(BandwidthPoint::traffic)
                    .filter(traffic -> traffic >= begin && traffic < end)
                    .distinct()
                    .count();
            if (different < LEAST_POINTS) {
                return false;
            }
            from = end;
        }
        return true;
    }

    /** Schwarz's criterion; a breakpoint costs two parameters, its place and the change of the slope. */
    private double criterion(int count) {
        double variance = Math.max(squares / count, RESOLUTION * RESOLUTION);
        return count * Math.log(variance) + Math.log(count) * (2 + 2 * breakpoints.size());
    }

    private static PiecewiseFit withBreakpoints(List<BandwidthPoint> points, List<Double> breakpoints) {
        int size = 2 + breakpoints.size();
        double[][] normal = new double[size][size + 1];
        for (BandwidthPoint point : points) {
            double[] terms = terms(point.traffic(), breakpoints);
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    normal[i][j] += terms[i] * terms[j];
                }
                normal[i][size] += terms[i] * point.value();
            }
        }
        double[] weights = solved(normal);
        double squares = 0;
        for (BandwidthPoint point : points) {
            double error = value(weights, terms(point.traffic(), breakpoints)) - point.value();
            squares += error * error;
        }
        return new PiecewiseFit(breakpoints, Arrays.stream(weights).boxed().toList(), squares);
    }

    private static double[] terms(double traffic, List<Double> breakpoints) {
        double[] terms = new double[2 + breakpoints.size()];
        terms[0] = 1;
        terms[1] = traffic;
        for (int i = 0; i < breakpoints.size(); i++) {
            terms[2 + i] = Math.max(0, traffic - breakpoints.get(i));
        }
        return terms;
    }

    private static double value(double[] weights, double[] terms) {
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] * terms[i];
        }
        return sum;
    }

    /** Solves the normal equations by Gauss's elimination with the largest pivot. */
    private static double[] solved(double[][] rows) {
        int size = rows.length;
        for (int column = 0; column < size; column++) {
            int pivot = column;
            for (int row = column + 1; row < size; row++) {
                if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) {
                    pivot = row;
                }
            }
            double[] swapped = rows[column];
            rows[column] = rows[pivot];
            rows[pivot] = swapped;
            for (int row = 0; row < size; row++) {
                if (row != column) {
                    double factor = rows[row][column] / rows[column][column];
                    for (int k = column; k <= size; k++) {
                        rows[row][k] -= factor * rows[column][k];
                    }
                }
            }
        }
        double[] solution = new double[size];
        for (int i = 0; i < size; i++) {
            solution[i] = rows[i][size] / rows[i][i];
        }
        return solution;
    }

    /**
     * The curve over the measured range.
     *
     * @param from   smallest traffic that was measured, as a share of the link
     * @param to     largest traffic that was measured
     * @param origin where the points come from
     */
    BandwidthCurve curve(double from, double to, Origin origin) {
        List<Double> ends = new ArrayList<>(List.of(from));
        ends.addAll(breakpoints);
        ends.add(to);
        List<Piece> pieces = new ArrayList<>();
        double intercept = weights.get(0);
        double slope = weights.get(1);
        pieces.add(new Piece(slope, intercept));
        for (int i = 0; i < breakpoints.size(); i++) {
            slope += weights.get(2 + i);
            intercept -= weights.get(2 + i) * breakpoints.get(i);
            pieces.add(new Piece(slope, intercept));
        }
        return new BandwidthCurve(ends, pieces, origin);
    }
}
