package io.github.godwit.training.data;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.forest.CaseVector;
import io.github.godwit.model.predict.forest.TargetScale;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One row with the vectors for training.
 *
 * @param row       the row
 * @param vm        id of the VM; all rows of a VM depend on each other and belong into one fold
 * @param simulated prediction of the simulation for the case
 * @param vector    the {@link CaseVector} of the case
 */
public record Sample(DatasetRow row, String vm, Prediction simulated, List<Double> vector) {

    /** End of the id of a collected case: the direction, then the number of the repetition from the second on. */
    private static final Pattern DIRECTION_AND_REPETITION = Pattern.compile("(-[ab])\\d+$");

    /** The samples of the rows that were measured without disturbance, with an intact guest and a complete profile. */
    public static List<Sample> of(List<DatasetRow> rows, Predictor simulation) {
        return rows.stream()
                .filter(DatasetRow::undisturbed)
                .filter(row -> row.outcome().migrationCase().vm().missing().isEmpty())
                .map(row -> of(row, simulation))
                .toList();
    }

    private static Sample of(DatasetRow row, Predictor simulation) {
        Prediction simulated =
                simulation.predict(row.outcome().migrationCase(), row.outcome().technique());
        double[] vector =
                CaseVector.of(row.outcome().migrationCase(), row.outcome().technique(), simulated);
        return new Sample(
                row,
                vmOf(row),
                simulated,
                java.util.Arrays.stream(vector).boxed().toList());
    }

    /** Both directions of a collected VM share its memory and content; their ids differ only after the last dash. */
    private static String vmOf(DatasetRow row) {
        String id = row.caseId();
        int end = id.lastIndexOf('-');
        return row.disturbance() == null || end < 0 ? id : id.substring(0, end);
    }

    /**
     * The id that all runs of a case from the same profile share (a, a2, a3): the case id of the first run.
     *
     * @param caseId case id of any of the runs
     */
    public static String profileId(String caseId) {
        return DIRECTION_AND_REPETITION.matcher(caseId).replaceFirst("$1");
    }

    /** The technique of the migration. */
    public Technique technique() {
        return row.outcome().technique();
    }

    /** The accelerator of the guest. */
    public Accelerator accelerator() {
        return row.outcome().migrationCase().vm().accelerator();
    }

    /** Whether the migration converged within its time limit. */
    public boolean converged() {
        return row.outcome().converged();
    }

    /** Whether a metric was measured, or has a proxy that is learned ({@link Outcome#labels}). */
    public boolean has(Metric metric) {
        return row.outcome().labels().get(metric) != null;
    }

    /** The measured value of a metric, in its unit, or that of its proxy. */
    public double measured(Metric metric) {
        return row.outcome().labels().get(metric);
    }

    /** The measured value of a metric on the scale of learning. */
    public double encoded(Metric metric) {
        return TargetScale.encode(metric, measured(metric));
    }

    /** The simulation's prediction of a metric on the scale of learning. */
    public double simulatedEncoded(Metric metric) {
        return TargetScale.encode(metric, simulated.value(metric));
    }

    /** A copy of the vector. */
    public double[] array() {
        return vector.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
