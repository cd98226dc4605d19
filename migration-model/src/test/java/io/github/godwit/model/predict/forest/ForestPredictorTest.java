package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForestPredictorTest {

    private final Predictor simulation = new AnalyticPredictor();

    @Test
    void correctsTheSimulationByTheMedianOfTheTrees() {
        Predictor forest = new ForestPredictor(DrawnModels.ofPre(DrawnModels.around(1), 2, 8), simulation);

        double simulated =
                simulation.predict(DrawnModels.CASE, Technique.PRE_COPY).value(Metric.TOTAL_TIME);
        Prediction learned = forest.predict(DrawnModels.CASE, Technique.PRE_COPY);

        // the logarithms' median: a factor of 4, of the value and the floor of 1 ms; QEMU counts whole ones
        assertThat(learned.value(Metric.TOTAL_TIME)).isEqualTo(Math.rint(4 * (simulated + 1) - 1));
        assertThat(learned.basis()).isEqualTo(Basis.LEARNED);
    }

    @Test
    void intervalsReachAsFarAsTheTreesDisagree() {
        Predictor forest = new ForestPredictor(DrawnModels.ofPre(DrawnModels.around(1), 2, 8), simulation);
        Prediction.Estimate estimate =
                forest.predict(DrawnModels.CASE, Technique.PRE_COPY).estimates().get(Metric.TOTAL_TIME);

        // the spread of ln 2 and ln 8 is ln 2, the quantile 2: a factor of 4 to either side
        assertThat((estimate.value() + 1) / (estimate.low() + 1)).isCloseTo(4, within(0.02));
        assertThat((estimate.high() + 1) / (estimate.value() + 1)).isCloseTo(4, within(0.02));
    }

    @Test
    void aCaseUnlikeAllOthersIsSimulated() {
        Predictor forest = new ForestPredictor(DrawnModels.ofPre(DrawnModels.elsewhere(), 2, 8), simulation);

        assertThat(forest.predict(DrawnModels.CASE, Technique.PRE_COPY))
                .isEqualTo(
                        simulation.predict(DrawnModels.CASE, Technique.PRE_COPY).withBasis(Basis.UNFAMILIAR));
    }

    @Test
    void aVmThatIsRunOtherwiseThanAllOfTheModelsIsSimulatedHoweverMuchElseIsAlike() {
        ForestPredictor ofKvm = new ForestPredictor(DrawnModels.ofPre(DrawnModels.around(1), 2, 8), simulation);
        MigrationCase underTcg = DrawnModels.CASE.withVm(DrawnModels.CASE.vm().withAccelerator(Accelerator.TCG));

        // One feature is 1 instead of 0: ln 2 of a radius of 1.
        assertThat(ofKvm.distance(underTcg)).isCloseTo(Math.log(2), within(1e-9));
        assertThat(ofKvm.predict(underTcg, Technique.PRE_COPY))
                .isEqualTo(simulation.predict(underTcg, Technique.PRE_COPY).withBasis(Basis.UNFAMILIAR));
    }

    @Test
    void aVmOfWhichNothingWasMeasuredStaysUnsureEvenWhereAllIsFamiliar() {
        ForestPredictor ofAnything =
                new ForestPredictor(DrawnModels.ofPre(DrawnModels.around(1_000), 2, 8), simulation);
        MigrationCase unmeasured = DrawnModels.CASE.withVm(VmProfile.unmeasured(
                new VmDefinition("vm", MemorySize.ofMebibytes(256), 1, "guest", "", Accelerator.KVM, 0)));

        assertThat(ofAnything.distance(unmeasured)).isLessThan(1);
        Prediction prediction = ofAnything.predict(unmeasured, Technique.PRE_COPY);
        assertThat(prediction.basis()).isEqualTo(Basis.UNSURE);
        assertThat(prediction).isEqualTo(simulation.predict(unmeasured, Technique.PRE_COPY));
    }

    @Test
    void aTechniqueWithoutModelIsSimulated() {
        Predictor forest = new ForestPredictor(DrawnModels.ofPre(DrawnModels.around(1), 2, 8), simulation);

        assertThat(forest.predict(DrawnModels.CASE, Technique.POST_COPY))
                .isEqualTo(simulation.predict(DrawnModels.CASE, Technique.POST_COPY));
    }

    @Test
    void allAtOnceIsTheSameAsOneByOne() {
        ForestPredictor forest = new ForestPredictor(DrawnModels.ofPre(DrawnModels.around(1), 2, 8), simulation);

        Map<Technique, Prediction> all = forest.predictAll(DrawnModels.CASE, List.of(Technique.values()));

        for (Technique technique : Technique.values()) {
            assertThat(all.get(technique))
                    .as(technique.toString())
                    .isEqualTo(forest.predict(DrawnModels.CASE, technique));
        }
    }

    @Test
    void whetherItEndsIsCorrectedToo() {
        assertThat(simulation.predict(DrawnModels.CASE, Technique.PRE_COPY).endProbability())
                .isEqualTo(1);

        Prediction likely = new ForestPredictor(DrawnModels.ofPreThatMayNotEnd(0.25), simulation)
                .predict(DrawnModels.CASE, Technique.PRE_COPY);
        Prediction unlikely = new ForestPredictor(DrawnModels.ofPreThatMayNotEnd(0.75), simulation)
                .predict(DrawnModels.CASE, Technique.PRE_COPY);

        assertThat(likely.endProbability()).isCloseTo(0.75, within(1e-6));
        assertThat(likely.converges()).isTrue();
        assertThat(unlikely.endProbability()).isCloseTo(0.25, within(1e-6));
        assertThat(unlikely.converges()).isFalse();
    }

    @Test
    void distanceIsMeasuredInRadii() {
        double near = new ForestPredictor(DrawnModels.ofPre(DrawnModels.around(1), 1, 1), simulation)
                .distance(DrawnModels.CASE);
        double far = new ForestPredictor(DrawnModels.ofPre(DrawnModels.elsewhere(), 1, 1), simulation)
                .distance(DrawnModels.CASE);

        assertThat(near).isZero();
        assertThat(far).isGreaterThan(100);
    }
}
