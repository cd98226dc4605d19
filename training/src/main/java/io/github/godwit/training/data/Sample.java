package io.github.godwit.training.data;

import io.github.godwit.hostapi.DatasetRow;
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
 * One row, ready to be learned from.
 *
 * @param row       the row
 * @param vm        names the VM and, with it, all rows that are not independent of this one
 * @param simulated what the simulation predicts for it
 * @param vector    its {@link CaseVector}
 */
public record Sample(DatasetRow row, String vm, Prediction simulated, List<Double> vector) {

    /** Ends the id of a case of a collected VM: the way it went, and which time it was unless the first. */
    private static final Pattern WAY_AND_TIME = Pattern.compile("(-[ab])\\d+$");

    /** Of rows that were measured without disturbance, whose guests were intact, and whose VMs were profiled whole. */
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

    /** Both ways of a collected VM share its memory and content: their ids differ in what follows the last dash. */
    private static String vmOf(DatasetRow row) {
        String id = row.caseId();
        int end = id.lastIndexOf('-');
        return row.disturbance() == null || end < 0 ? id : id.substring(0, end);
    }

    /**
     * What the cases have in common that were measured several times from the same look at the VM (a, a2, a3): the id of the
     * first of them.
     *
     * @param caseId id of any
     */
    public static String look(String caseId) {
        return WAY_AND_TIME.matcher(caseId).replaceFirst("$1");
    }

    /** The technique that was used. */
    public Technique technique() {
        return row.outcome().technique();
    }

    /** How the guest was run. */
    public Accelerator accelerator() {
        return row.outcome().migrationCase().vm().accelerator();
    }

    /** Whether the migration ended within its time limit. */
    public boolean converged() {
        return row.outcome().converged();
    }

    /** Whether a metric was measured. */
    public boolean has(Metric metric) {
        return row.outcome().measured().get(metric) != null;
    }

    /** The measured value of a metric, in its unit. */
    public double measured(Metric metric) {
        return row.outcome().measured().get(metric);
    }

    /** The same on the scale of learning. */
    public double encoded(Metric metric) {
        return TargetScale.encode(metric, measured(metric));
    }

    /** The simulation's prediction on the scale of learning. */
    public double simulatedEncoded(Metric metric) {
        return TargetScale.encode(metric, simulated.value(metric));
    }

    /** The vector as an array of its own. */
    public double[] array() {
        return vector.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
