package io.github.godwit.model.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.predict.Metric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SloTest {

    private final Slo atLeast = new Slo(Metric.PERFORMANCE, 0.8, 0.7);
    private final Slo atMost = new Slo(Metric.DOWNTIME, 1000, 0.3);

    @ParameterizedTest
    @CsvSource({"0.8, 0", "0.9, 0", "0.6, 0.175"})
    void anExactPredictionBreaksItAsFarAsItsValueDoes(double value, double violation) {
        assertThat(atLeast.expectedViolation(value, value)).isCloseTo(violation, within(1e-12));
        assertThat(atLeast.violation(value)).isCloseTo(violation, within(1e-12));
    }

    @Test
    void inDoubtItIsTheMeanOverANormalDistribution() {
        double spread = 0.1;
        double reach = 1.6449 * spread;

        assertThat(atLeast.expectedViolation(0.8 - reach, 0.8 + reach))
                .as("half of it lies below: its mean distance there is spread/√2π")
                .isCloseTo(0.7 * spread / Math.sqrt(2 * Math.PI) / 0.8, within(1e-6));
    }

    @Test
    void whatIsSurelyBrokenIsBrokenAsFarAsItsMiddle() {
        assertThat(atMost.expectedViolation(1900, 2100)).isCloseTo(0.3, within(1e-6));
        assertThat(atMost.expectedViolation(100, 300)).isCloseTo(0, within(1e-6));
    }
}
