package io.github.godwit.training.compare;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.training.data.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How rows differ from those of a dataset with the same ids: the same migrations, measured again, perhaps on another machine.
 *
 * @param rows             number of such rows, in which both converged
 * @param totalTimeRatio   geometric mean of their total time as a share of the dataset's
 * @param performanceShift mean of their PERF minus the dataset's
 * @param otherwiseEnded   number of rows of which only one converged
 */
public record Repetition(int rows, double totalTimeRatio, double performanceShift, int otherwiseEnded) {

    /** Compares rows with the dataset's. */
    public static Repetition of(List<Sample> dataset, List<DatasetRow> again) {
        Map<String, Sample> byId = new HashMap<>();
        dataset.forEach(sample -> byId.put(sample.row().id(), sample));
        int both = 0;
        int otherwise = 0;
        double logs = 0;
        double shifts = 0;
        for (DatasetRow row : again) {
            Sample before = byId.get(row.id());
            if (before == null || !row.undisturbed()) {
                continue;
            }
            if (before.converged() != row.outcome().converged()) {
                otherwise++;
            } else if (before.converged()) {
                both++;
                logs += Math.log(row.outcome().measured().get(Metric.TOTAL_TIME) / before.measured(Metric.TOTAL_TIME));
                shifts += row.outcome().measured().get(Metric.PERFORMANCE) - before.measured(Metric.PERFORMANCE);
            }
        }
        int count = Math.max(1, both);
        return new Repetition(both, Math.exp(logs / count), shifts / count, otherwise);
    }

    /** The same for people. */
    public String sentence() {
        return ("%d migrations of the dataset were measured again beside the watched ones: their total time is %.2f of the dataset's in the "
                        + "geometric mean, their PERF differs by %+.3f in the mean, and %d that ended did not before, or the other way round.")
                .formatted(rows, totalTimeRatio, performanceShift, otherwiseEnded);
    }
}
