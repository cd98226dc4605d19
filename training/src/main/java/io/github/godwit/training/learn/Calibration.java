package io.github.godwit.training.learn;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.analytic.MigrationCosts;
import io.github.godwit.model.predict.forest.TargetScale;
import io.github.godwit.training.work.Parallel;
import io.github.godwit.training.work.Progress;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.SimpleBounds;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.apache.commons.math3.random.Well19937c;

/**
 * Fits the simulation's {@link MigrationCosts} to real rows: it finds the factors on the costs with the smallest error by covariance
 * matrix adaptation (CMA-ES, Hansen). The error of a value is log(1 + |error| / usual error), so that rows that the simulation cannot
 * predict, such as migrations that hardly converge, do not determine the costs of all others.
 */
public final class Calibration {

    private static final int POPULATION = 14;

    /** Largest factor by which a cost may grow or shrink. */
    private static final double MOST_FACTOR = 20;

    private static final double STEP = 0.1;

    /** Usual errors on the scale of learning. */
    private static final Map<Metric, Double> USUAL = Map.of(
            Metric.TOTAL_TIME,
            0.06,
            Metric.DOWNTIME,
            0.25,
            Metric.TRANSFERRED_DATA,
            0.02,
            Metric.PERFORMANCE,
            0.06,
            Metric.CPU,
            0.06,
            Metric.MEMORY,
            0.2);

    /** Downtime has a higher weight, because most SLOs depend on it. */
    private static final double WEIGHT_OF_PERF = 3;

    private final List<DatasetRow> rows;
    private final MigrationCosts start;

    /**
     * @param rows  real rows; only undisturbed rows that converged are used
     * @param start the costs to start from
     */
    public Calibration(List<DatasetRow> rows, MigrationCosts start) {
        this.rows = rows.stream()
                .filter(row -> row.undisturbed() && row.outcome().converged())
                .toList();
        this.start = start;
    }

    /** Fits the costs; each evaluation runs the simulation once for each row. */
    public MigrationCosts fit(int evaluations, long seed, Progress progress) {
        double[] first = values(start);
        int dimensions = first.length;
        double[] bound = new double[dimensions];
        Arrays.fill(bound, Math.log(MOST_FACTOR));
        double[] low = Arrays.stream(bound).map(value -> -value).toArray();
        double[] steps = new double[dimensions];
        Arrays.fill(steps, STEP);
        int[] done = {0};
        double[] best = {Double.POSITIVE_INFINITY};
        CMAESOptimizer optimizer = new CMAESOptimizer(
                evaluations, 0, true, 0, 0, new Well19937c(seed), false, (iteration, previous, current) -> false);
        double[] factors = optimizer
                .optimize(
                        new MaxEval(evaluations + POPULATION),
                        new ObjectiveFunction(point -> {
                            double error = error(scaled(first, point));
                            best[0] = Math.min(best[0], error);
                            if (++done[0] % 200 == 0) {
                                progress.say("%d of %d: error %.4f".formatted(done[0], evaluations, best[0]));
                            }
                            return error;
                        }),
                        GoalType.MINIMIZE,
                        new SimpleBounds(low, bound),
                        new InitialGuess(new double[dimensions]),
                        new CMAESOptimizer.Sigma(steps),
                        new CMAESOptimizer.PopulationSize(POPULATION))
                .getPoint();
        return scaled(first, factors);
    }

    /** Mean weighted error of the simulation with these costs. */
    public double error(MigrationCosts costs) {
        AnalyticPredictor predictor = new AnalyticPredictor(costs);
        List<List<DatasetRow>> parts = new ArrayList<>();
        int half = rows.size() / 2;
        parts.add(rows.subList(0, half));
        parts.add(rows.subList(half, rows.size()));
        return Parallel.map(parts, part -> error(predictor, part)).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum()
                / rows.size();
    }

    private static double error(AnalyticPredictor predictor, List<DatasetRow> rows) {
        double sum = 0;
        for (DatasetRow row : rows) {
            Prediction prediction = predictor.predict(
                    row.outcome().migrationCase(), row.outcome().technique());
            for (Map.Entry<Metric, Double> measured : row.outcome().metrics().entrySet()) {
                Metric metric = measured.getKey();
                double error = TargetScale.encode(metric, prediction.value(metric))
                        - TargetScale.encode(metric, measured.getValue());
                sum += (metric == Metric.PERFORMANCE ? WEIGHT_OF_PERF : 1)
                        * Math.log1p(Math.abs(error) / USUAL.get(metric));
            }
        }
        return sum;
    }

    private static MigrationCosts scaled(double[] values, double[] logFactors) {
        Double[] scaled = new Double[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = values[i] * Math.exp(logFactors[i]);
        }
        RecordComponent[] components = MigrationCosts.class.getRecordComponents();
        for (int i = 0; i < values.length; i++) {
            if (components[i].getName().equals("wireEfficiency")) {
                scaled[i] = Math.min(1, scaled[i]);
            }
        }
        try {
            return (MigrationCosts) MigrationCosts.class.getDeclaredConstructors()[0].newInstance((Object[]) scaled);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The costs cannot be constructed.", e);
        }
    }

    /** The costs as numbers, in the order of the record. */
    public static double[] values(MigrationCosts costs) {
        return Arrays.stream(MigrationCosts.class.getRecordComponents())
                .mapToDouble(component -> {
                    try {
                        return (double) component.getAccessor().invoke(costs);
                    } catch (IllegalAccessException | InvocationTargetException e) {
                        throw new IllegalStateException("A cost cannot be read.", e);
                    }
                })
                .toArray();
    }
}
