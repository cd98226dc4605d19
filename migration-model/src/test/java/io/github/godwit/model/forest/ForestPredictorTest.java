package io.github.godwit.model.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Metric;
import io.github.godwit.model.Prediction;
import io.github.godwit.model.Prediction.Basis;
import io.github.godwit.model.Predictor;
import io.github.godwit.model.Technique;
import io.github.godwit.model.analytic.AnalyticPredictor;
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
