package io.github.godwit.model.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.predict.Metric;
import java.io.StringReader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SloPoliciesTest {

    @Test
    void six_policies_of_table_3_ship() {
        assertThat(SloPolicies.shipped().all())
                .extracting(SloPolicy::name)
                .containsExactly(
                        "ensure_performance",
                        "traffic_overload",
                        "high_performance",
                        "save_traffic",
                        "reduced_downtime",
                        "lowest_operation_cost");
    }

    @Test
    void high_performance_is_as_in_table_3() {
        SloPolicy policy = SloPolicies.shipped().get("high_performance");

        assertThat(policy.slos())
                .containsExactly(
                        new Slo(Metric.DOWNTIME, 2000, 0.2),
                        new Slo(Metric.PERFORMANCE, 0.8, 0.6),
                        new Slo(Metric.CPU, 100, 0.1),
                        new Slo(Metric.MEMORY, 512, 0.1));
        assertThat(policy.optimize()).isEqualTo(Map.of(Metric.TOTAL_TIME, 1.0));
    }

    @Test
    void an_unknown_policy_is_an_error_that_lists_the_known_ones() {
        assertThatThrownBy(() -> SloPolicies.shipped().get("fast"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("There is no policy 'fast'")
                .hasMessageContaining("save_traffic");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            policies: 3                                                                   | must be a list
            [1, 2]                                                                        | must be a mapping
            policies: [{name: a, scenario: s, slos: [], optimize: {TT: 1}, limit: 2}]     | unknown key 'limit'
            policies: [{name: a, scenario: s, slos: [], optimize: {SPEED: 1}}]            | unknown metric 'SPEED'
            policies: [{name: a, scenario: s, slos: [], optimize: {}}]                    | optimises nothing
            policies: [{name: a, scenario: s, slos: [], optimize: {TT: fast}}]            | must be a number
            policies: [{name: a, scenario: s, slos: [{metric: TT, threshold: -1, weight: 1}], optimize: {TT: 1}}] | must not be negative
            policies: [{name: '', scenario: s, slos: [], optimize: {TT: 1}}]              | must not be empty
            policies: [                                                                   | not valid YAML
            """)
    void bad_policies_are_refused_with_a_message_that_names_the_fault(String yaml, String message) {
        assertThatThrownBy(() -> SloPolicies.read(new StringReader(yaml)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void two_slos_on_one_metric_are_refused() {
        assertThatThrownBy(() -> new SloPolicy(
                        "p",
                        "s",
                        List.of(new Slo(Metric.TOTAL_TIME, 1, 1), new Slo(Metric.TOTAL_TIME, 2, 1)),
                        Map.of(Metric.TOTAL_TIME, 1.0)))
                .hasMessageContaining("two SLOs on TT");
    }

    @Test
    void broken_slos_are_named_in_the_policys_order() {
        SloPolicy policy = SloPolicies.shipped().get("ensure_performance");

        assertThat(policy.violatedBy(Map.of(Metric.PERFORMANCE, 0.5, Metric.DOWNTIME, 1200.0)))
                .extracting(Slo::metric)
                .containsExactly(Metric.PERFORMANCE, Metric.DOWNTIME);
        assertThat(policy.violatedBy(Map.of(Metric.PERFORMANCE, 0.75, Metric.DOWNTIME, 1000.0)))
                .isEmpty();
    }
}
