package io.github.godwit.training.evaluate;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.learn.Problem;
import io.github.godwit.training.learn.Recipe;
import io.github.godwit.training.work.Parallel;
import io.github.godwit.training.work.Progress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The choice of the best recipe for each problem by cross-validation.
 *
 * @param chosen   out-of-fold predictions of the best recipe of each problem
 * @param compared out-of-fold predictions of every recipe, for each problem
 */
public record Selection(List<OutOfFold> chosen, List<OutOfFold> compared) {

    /** Smallest number of rows of a technique. */
    public static final int FEWEST_ROWS = 30;

    /** Smallest number of rows of either result; below it, the simulation predicts whether a technique converges. */
    private static final int FEWEST_OF_EITHER = 8;

    /** All problems with enough rows. */
    public static List<Problem> problems(List<Sample> samples) {
        List<Problem> problems = new ArrayList<>();
        for (Technique technique : techniques(samples)) {
            for (Metric metric : Metric.values()) {
                problems.add(Problem.of(technique, metric, samples));
            }
            Problem ends = Problem.ends(technique, samples);
            long cut = ends.samples().stream()
                    .filter(sample -> !sample.converged())
                    .count();
            if (cut >= FEWEST_OF_EITHER && ends.samples().size() - cut >= FEWEST_OF_EITHER) {
                problems.add(ends);
            }
        }
        return problems;
    }

    /** The techniques with enough rows of every metric. */
    private static Set<Technique> techniques(List<Sample> samples) {
        EnumSet<Technique> techniques = EnumSet.noneOf(Technique.class);
        for (Technique technique : Technique.values()) {
            boolean enough = true;
            for (Metric metric : Metric.values()) {
                enough &= Problem.of(technique, metric, samples).samples().size() >= FEWEST_ROWS;
            }
            if (enough) {
                techniques.add(technique);
            }
        }
        return techniques;
    }

    /**
     * Cross-validates the recipes and chooses the best for each problem.
     *
     * @param competing recipes to choose from
     * @param besides   recipes that are only compared, on problems of a metric
     */
    public static Selection of(
            List<Problem> problems,
            List<Recipe> competing,
            List<Recipe> besides,
            Folds folds,
            long seed,
            Progress progress) {
        AtomicInteger done = new AtomicInteger();
        long started = System.nanoTime();
        List<List<OutOfFold>> all = Parallel.map(problems, problem -> {
            List<OutOfFold> each = new ArrayList<>();
            for (Recipe recipe : competing) {
                each.add(OutOfFold.of(problem, recipe, folds, seed));
            }
            boolean figure = problem.metric()
                    != null; // some of these recipes fail on convergence, because too few rows did not converge
            for (Recipe recipe : figure ? besides : List.<Recipe>of()) {
                each.add(OutOfFold.of(problem, recipe, folds, seed));
            }
            int now = done.incrementAndGet();
            double minutes = (System.nanoTime() - started) / 60e9;
            progress.say("%d of %d: %s, %d rows; about %.1f min left"
                    .formatted(
                            now,
                            problems.size(),
                            problem.label(),
                            problem.samples().size(),
                            minutes / now * (problems.size() - now)));
            return each;
        });
        List<OutOfFold> chosen = new ArrayList<>();
        List<OutOfFold> compared = new ArrayList<>();
        for (List<OutOfFold> each : all) {
            compared.addAll(each);
            chosen.add(each.stream()
                    .filter(one -> competing.contains(one.recipe()))
                    .min(Comparator.comparingDouble(OutOfFold::meanError))
                    .orElseThrow());
        }
        return new Selection(chosen, compared);
    }
}
