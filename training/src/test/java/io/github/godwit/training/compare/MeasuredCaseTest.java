package io.github.godwit.training.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.technique.Technique;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasuredCaseTest {

    @Test
    void casesFromTheSameProfileAreRunsOfOne() {
        MeasuredCase first = measured("s1-vm-0001-a", Map.of(Technique.PRE_COPY, cost(1, true)));
        MeasuredCase third = measured("s1-vm-0001-a3", Map.of(Technique.PRE_COPY, cost(1, true)));
        MeasuredCase back = measured("s1-vm-0001-b", Map.of(Technique.PRE_COPY, cost(1, true)));

        assertThat(MeasuredCase.repeated(List.of(first, back, third)))
                .isEqualTo(Map.of("s1-vm-0001-a", List.of(first, third)));
    }

    @Test
    void onAverageACaseCostsTheMeanOfItsRuns() {
        MeasuredCase mean = MeasuredCase.mean(List.of(
                measured("v-a", Map.of(Technique.PRE_COPY, cost(0.7, true), Technique.POST_COPY, cost(0.5, true))),
                measured("v-a2", Map.of(Technique.PRE_COPY, cost(0.9, true), Technique.POST_COPY, cost(0.5, false)))));

        assertThat(mean.id()).isEqualTo("v-a");
        assertThat(mean.measured().get(Technique.PRE_COPY).value(Metric.PERFORMANCE))
                .isCloseTo(0.8, within(1e-12));
        assertThat(mean.measured().get(Technique.PRE_COPY).converges()).isTrue();
        assertThat(mean.measured().get(Technique.POST_COPY).converges())
                .as("it did not converge in one run")
                .isFalse();
    }

    @Test
    void aTechniqueThatOneRunLacksIsNotCompared() {
        MeasuredCase mean = MeasuredCase.mean(List.of(
                measured("v-a", Map.of(Technique.PRE_COPY, cost(0.7, true), Technique.POST_COPY, cost(0.5, true))),
                measured("v-a2", Map.of(Technique.PRE_COPY, cost(0.9, true)))));

        assertThat(mean.measured()).containsOnlyKeys(Technique.PRE_COPY);
        assertThat(mean.rows()).containsOnlyKeys(Technique.PRE_COPY);
    }

    private static MeasuredCase measured(String id, Map<Technique, Prediction> costs) {
        Map<Technique, String> rows = new EnumMap<>(Technique.class);
        costs.keySet().forEach(technique -> rows.put(technique, id + "-" + technique));
        return new MeasuredCase(id, costs, rows, Map.of());
    }

    private static Prediction cost(double value, boolean converges) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            estimates.put(metric, new Estimate(value, value, value));
        }
        return new Prediction(estimates, converges, Basis.LEARNED);
    }
}
