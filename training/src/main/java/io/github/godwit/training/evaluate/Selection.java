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
 * The best recipe for each problem, by cross-validation.
 *
 * @param chosen   for each problem what its best recipe said out of fold
 * @param compared the same of every recipe that competed or was compared
 */
public record Selection(List<OutOfFold> chosen, List<OutOfFold> compared) {

    /** A technique needs so many rows to be learned. */
    public static final int FEWEST_ROWS = 30;

    /** Where fewer went either way, whether a technique ends is left to the simulation. */
    private static final int FEWEST_OF_EITHER = 8;

    /** All problems that there are rows enough for. */
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

    /** Techniques with rows enough in every metric. */
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
     * Chooses.
     *
     * @param competing recipes that may be chosen
     * @param besides   recipes that are only compared, where a figure is to be predicted
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
            boolean figure = problem.metric() != null; // whether it ends is too rarely "no" for some of those
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
