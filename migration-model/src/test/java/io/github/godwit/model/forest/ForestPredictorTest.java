package io.github.godwit.model.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Accelerator;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.Metric;
import io.github.godwit.model.MigrationCase;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Prediction.Basis;
import io.github.godwit.model.Predictor;
import io.github.godwit.model.Technique;
import io.github.godwit.model.VmProfile;
import io.github.godwit.model.analytic.AnalyticPredictor;
import io.github.godwit.model.api.VmDefinition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ForestPredictorTest {

    private final Predictor simulation = new AnalyticPredictor();

    @Test
    void correctsTheSimulationByTheMedianOfTheTrees() {
        Predictor forest = new ForestPredictor(Models.ofPre(Models.around(1), 2, 8), simulation);

        double simulated = simulation.predict(Models.CASE, Technique.PRE).value(Metric.TT);
        Prediction learned = forest.predict(Models.CASE, Technique.PRE);

        // the logarithms' median: a factor of 4, of the value and the floor of 1 ms; QEMU counts whole ones
        assertThat(learned.value(Metric.TT)).isEqualTo(Math.rint(4 * (simulated + 1) - 1));
        assertThat(learned.basis()).isEqualTo(Basis.LEARNED);
    }

    @Test
    void intervalsReachAsFarAsTheTreesDisagree() {
        Predictor forest = new ForestPredictor(Models.ofPre(Models.around(1), 2, 8), simulation);
        Prediction.Estimate estimate =
                forest.predict(Models.CASE, Technique.PRE).estimates().get(Metric.TT);

        // the spread of ln 2 and ln 8 is ln 2, the quantile 2: a factor of 4 to either side
        assertThat((estimate.value() + 1) / (estimate.low() + 1)).isCloseTo(4, within(0.02));
        assertThat((estimate.high() + 1) / (estimate.value() + 1)).isCloseTo(4, within(0.02));
    }

    @Test
    void aCaseUnlikeAllOthersIsSimulated() {
        Predictor forest = new ForestPredictor(Models.ofPre(Models.elsewhere(), 2, 8), simulation);

        assertThat(forest.predict(Models.CASE, Technique.PRE))
                .isEqualTo(simulation.predict(Models.CASE, Technique.PRE).withBasis(Basis.UNFAMILIAR));
    }

    @Test
    void aVmThatIsRunOtherwiseThanAllOfTheModelsIsSimulatedHoweverMuchElseIsAlike() {
        ForestPredictor ofKvm = new ForestPredictor(Models.ofPre(Models.around(1), 2, 8), simulation);
        MigrationCase underTcg = Models.CASE.withVm(Models.CASE.vm().runBy(Accelerator.TCG));

        // One feature is 1 instead of 0: ln 2 of a radius of 1.
        assertThat(ofKvm.distance(underTcg)).isCloseTo(Math.log(2), within(1e-9));
        assertThat(ofKvm.predict(underTcg, Technique.PRE))
                .isEqualTo(simulation.predict(underTcg, Technique.PRE).withBasis(Basis.UNFAMILIAR));
    }

    @Test
    void aVmOfWhichNothingWasMeasuredStaysUnsureEvenWhereAllIsFamiliar() {
        ForestPredictor ofAnything = new ForestPredictor(Models.ofPre(Models.around(1_000), 2, 8), simulation);
        MigrationCase unmeasured = Models.CASE.withVm(VmProfile.unmeasured(
                new VmDefinition("vm", MemorySize.ofMebibytes(256), 1, "guest", "", Accelerator.KVM, 0)));

        assertThat(ofAnything.distance(unmeasured)).isLessThan(1);
        Prediction prediction = ofAnything.predict(unmeasured, Technique.PRE);
        assertThat(prediction.basis()).isEqualTo(Basis.UNSURE);
        assertThat(prediction).isEqualTo(simulation.predict(unmeasured, Technique.PRE));
    }

    @Test
    void aTechniqueWithoutModelIsSimulated() {
        Predictor forest = new ForestPredictor(Models.ofPre(Models.around(1), 2, 8), simulation);

        assertThat(forest.predict(Models.CASE, Technique.POST))
                .isEqualTo(simulation.predict(Models.CASE, Technique.POST));
    }

    @Test
    void allAtOnceIsTheSameAsOneByOne() {
        ForestPredictor forest = new ForestPredictor(Models.ofPre(Models.around(1), 2, 8), simulation);

        Map<Technique, Prediction> all = forest.predictAll(Models.CASE, List.of(Technique.values()));

        for (Technique technique : Technique.values()) {
            assertThat(all.get(technique)).as(technique.toString()).isEqualTo(forest.predict(Models.CASE, technique));
        }
    }

    @Test
    void whetherItEndsIsCorrectedToo() {
        assertThat(simulation.predict(Models.CASE, Technique.PRE).endProbability())
                .isEqualTo(1);

        Prediction likely =
                new ForestPredictor(Models.ofPreThatMayNotEnd(0.25), simulation).predict(Models.CASE, Technique.PRE);
        Prediction unlikely =
                new ForestPredictor(Models.ofPreThatMayNotEnd(0.75), simulation).predict(Models.CASE, Technique.PRE);

        assertThat(likely.endProbability()).isCloseTo(0.75, within(1e-6));
        assertThat(likely.converges()).isTrue();
        assertThat(unlikely.endProbability()).isCloseTo(0.25, within(1e-6));
        assertThat(unlikely.converges()).isFalse();
    }

    @Test
    void distanceIsMeasuredInRadii() {
        double near = new ForestPredictor(Models.ofPre(Models.around(1), 1, 1), simulation).distance(Models.CASE);
        double far = new ForestPredictor(Models.ofPre(Models.elsewhere(), 1, 1), simulation).distance(Models.CASE);

        assertThat(near).isZero();
        assertThat(far).isGreaterThan(100);
    }
}
