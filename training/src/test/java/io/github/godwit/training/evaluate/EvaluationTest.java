package io.github.godwit.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.forest.TargetScale;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.training.TrainingRows;
import io.github.godwit.training.data.Sample;
import io.github.godwit.training.evaluate.OutOfFold.Guess;
import io.github.godwit.training.learn.Problem;
import io.github.godwit.training.learn.Recipe;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EvaluationTest {

    @Test
    void errorsAreSummarisedForEachAccelerator() throws Exception {
        DatasetRow real = TrainingRows.real(1).get(0);
        List<Sample> samples = Sample.of(
                List.of(
                        TrainingRows.taking(100, "v1-a", real),
                        TrainingRows.taking(200, "v2-a", real),
                        TrainingRows.runBy(Accelerator.TCG, TrainingRows.taking(1_000, "v3-a", real))),
                new AnalyticPredictor());
        Problem totalTime = Problem.of(Technique.PRE_COPY, Metric.TOTAL_TIME, samples);
        // the error is a tenth under KVM and 100 % under TCG
        OutOfFold tenFold = new OutOfFold(
                totalTime,
                Recipe.EXPORTABLE.get(0),
                List.of(guess(samples.get(0), 110), guess(samples.get(1), 220), guess(samples.get(2), 2_000)),
                0,
                0);

        Evaluation evaluation = Evaluation.of(samples, List.of(tenFold), List.of(tenFold));

        Map<Accelerator, Map<Metric, ErrorSummary>> each = evaluation.byAccelerator();
        assertThat(each).containsOnlyKeys(Accelerator.KVM, Accelerator.TCG);
        assertThat(each.get(Accelerator.KVM)).containsOnlyKeys(Metric.TOTAL_TIME);
        ErrorSummary kvm = each.get(Accelerator.KVM).get(Metric.TOTAL_TIME);
        assertThat(kvm.count()).isEqualTo(2);
        assertThat(kvm.gmre()).isCloseTo(0.1, within(1e-9));
        ErrorSummary tcg = each.get(Accelerator.TCG).get(Metric.TOTAL_TIME);
        assertThat(tcg.count()).isEqualTo(1);
        assertThat(tcg.gmre()).isCloseTo(1, within(1e-9));
        // ∛(0.1 · 0.1 · 1)
        assertThat(evaluation.metrics().get(Metric.TOTAL_TIME).gmre()).isCloseTo(Math.cbrt(0.01), within(1e-9));
    }

    private static Guess guess(Sample sample, double millis) {
        double encoded = TargetScale.encode(Metric.TOTAL_TIME, millis);
        return new Guess(sample, sample.vm(), encoded, encoded, 0);
    }
}
