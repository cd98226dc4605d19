package io.github.godwit.model.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {

    @ParameterizedTest
    @EnumSource
    void a_metric_is_found_by_its_id_in_any_case(Metric metric) {
        assertThat(Metric.parse(metric.id())).isEqualTo(metric);
        assertThat(Metric.parse(metric.id().toLowerCase(java.util.Locale.ROOT))).isEqualTo(metric);
    }

    @Test
    void an_id_that_nobody_knows_is_answered_with_all_that_there_are() {
        assertThatThrownBy(() -> Metric.parse("TTX"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("There is no metric 'TTX'. Choose one of [TT, DT, TD, PERF, CPU, MEM].");
    }

    @ParameterizedTest
    @CsvSource({
        "TT, ms",
        "DT, ms",
        "TD, MB",
        "PERF, ratio",
        "CPU, %",
        "MEM, MB",
    })
    void every_metric_has_its_unit(String id, String unit) {
        assertThat(Metric.parse(id).unit()).isEqualTo(unit);
    }

    @ParameterizedTest
    @CsvSource({
        "TT, 812.4, 812 ms",
        "TT, 10, 10 ms",
        "TT, 9.94, 9.9 ms",
        "CPU, -9.94, -9.9 %",
        "CPU, -10, -10 %",
        "PERF, 0.934, 0.93",
    })
    void a_value_below_10_is_told_to_a_tenth_and_a_share_to_a_hundredth(String id, double value, String told) {
        assertThat(Metric.parse(id).format(value)).isEqualTo(told);
    }
}
