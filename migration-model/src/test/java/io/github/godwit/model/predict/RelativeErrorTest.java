package io.github.godwit.model.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelativeErrorTest {

    @ParameterizedTest(name = "{0}: {1} predicted, {2} measured, {3} cores before")
    @CsvSource({
        "TOTAL_TIME, 110, 100, 0, 0.1",
        "DOWNTIME, 60, 40, 0, 0.5",
        "TRANSFERRED_DATA, 90, 100, 0, 0.1",
        "PERFORMANCE, 0.9, 0.6, 0, 0.5",
        "MEMORY, 3, 2, 0, 0.5",
        // 5 points of the 40 % before and the 10 % more
        "CPU, 15, 10, 0.4, 0.1",
        // At least what the measurement resolves, and of at least so much.
        "TOTAL_TIME, 100, 100, 0, 0.001",
        "DOWNTIME, 0.5, 0.2, 0, 0.3",
        "TRANSFERRED_DATA, 0.05, 0.05, 0, 0.1",
        "PERFORMANCE, 0.005, 0, 0, 0.5",
        "MEMORY, 0.1, 0, 0, 1",
        "CPU, 0, -60, 0.4, 60"
    })
    void itIsRelativeToWhatWasMeasured(
            Metric metric, double predicted, double measured, double vcpuUse, double expected) {
        assertThat(RelativeError.of(metric, predicted, measured, vcpuUse)).isCloseTo(expected, within(1e-9));
    }

    @Test
    void noErrorIsLessThanTheMeasurementResolves() {
        for (Metric metric : Metric.values()) {
            assertThat(RelativeError.of(metric, 0.5, 0.5, 0))
                    .isEqualTo(RelativeError.resolution(metric) / RelativeError.scale(metric, 0.5, 0));
        }
    }
}
