package io.github.godwit.model.predict.analytic;

import static io.github.godwit.model.predict.analytic.ByHand.LINK_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.PLAIN_BYTES;
import static io.github.godwit.model.predict.analytic.ByHand.between;
import static io.github.godwit.model.predict.analytic.ByHand.costs;
import static io.github.godwit.model.predict.analytic.ByHand.levelAt;
import static io.github.godwit.model.predict.analytic.ByHand.vm;
import static io.github.godwit.model.predict.analytic.ByHand.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What the predictor makes of what a simulated migration has cost: the metrics, their intervals, and how sure it is.
 */
class AnalyticReportTest {

    private static final double ALL_BYTES = 16_384 * PLAIN_BYTES + 49_152 * 9;
    private static final double ALL_SECONDS = ALL_BYTES / LINK_BYTES;

    /** Two vCPUs that use 1.2 cores, and 64 MiB that are never written. */
    private static final VmProfile BUSY = vm(256, 64, 2, 1.2, 0);

    private static Prediction predict(Map<String, Double> costs, MigrationCase migration, Technique technique) {
        return new AnalyticPredictor(costs(costs)).predict(migration, technique);
    }

    @Test
    void the_metrics_are_in_milliseconds_megabytes_shares_and_percent() {
        Prediction prediction = predict(
                Map.of("stopSeconds", 0.1, "sendSecondsPerPage", 1e-6, "baseMemoryBytes", 2e6),
                between(BUSY),
                Technique.PRE_COPY);

        double seconds = ALL_SECONDS + 0.1;
        double kept = ALL_SECONDS / seconds;
        assertThat(prediction.value(Metric.TOTAL_TIME)).isCloseTo(seconds * 1e3, within(1e-6));
        assertThat(prediction.value(Metric.DOWNTIME)).isCloseTo(100, within(1e-6));
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isCloseTo(ALL_BYTES / 1e6, within(1e-9));
        assertThat(prediction.value(Metric.PERFORMANCE)).isCloseTo(kept, within(1e-9));
        assertThat(prediction.value(Metric.MEMORY)).isCloseTo(2, within(1e-12));
        // What it takes for the pages, less what the VM does not take while it stands.
        assertThat(prediction.value(Metric.CPU))
                .isCloseTo(100 * (16_384e-6 / seconds - 1.2 * (1 - kept)), within(1e-9));
    }

    @Test
    void faults_on_tracked_pages_are_cpu_time_of_the_source() {
        Prediction prediction =
                predict(Map.of("faultSecondsPerPage", 5e-6), between(vm(256, 64, levelAt(5_000))), Technique.PRE_COPY);

        double seconds = ALL_SECONDS + 5_000 * PLAIN_BYTES / LINK_BYTES;
        assertThat(prediction.value(Metric.CPU)).isCloseTo(100 * 5_000 * 5e-6 / seconds, within(1e-9));
    }

    @Test
    void from_a_switch_at_once_on_the_source_has_the_vm_s_own_cpu_time_back() {
        Prediction prediction = predict(
                Map.of("setupSeconds", 0.3, "postcopySendSecondsPerPage", 1e-6), between(BUSY), Technique.POST_COPY);

        double seconds = 0.3 + ALL_SECONDS;
        assertThat(prediction.value(Metric.CPU))
                .isCloseTo(100 * (16_384e-6 - 1.2 * ALL_SECONDS) / seconds, within(1e-9));
    }

    @Test
    void around_its_arrival_the_vm_gets_nothing_done_and_that_is_spread_over_the_migration() {
        Prediction prediction = predict(Map.of("arrivalSeconds", 0.05), between(BUSY), Technique.PRE_COPY);

        assertThat(prediction.value(Metric.PERFORMANCE)).isCloseTo(ALL_SECONDS / (ALL_SECONDS + 0.05), within(1e-9));
    }

    @Test
    void intervals_reach_a_share_of_the_value_that_is_set_for_each_metric_to_either_side() {
        Prediction prediction = predict(
                Map.of("stopSeconds", 0.1, "sendSecondsPerPage", 1e-6, "baseMemoryBytes", 2e6),
                between(vm(256, 64)),
                Technique.PRE_COPY);

        Map<Metric, Double> shares = Map.of(
                Metric.TOTAL_TIME, 0.25,
                Metric.TRANSFERRED_DATA, 0.25,
                Metric.DOWNTIME, 0.6,
                Metric.PERFORMANCE, 0.15,
                Metric.CPU, 0.4,
                Metric.MEMORY, 0.6);
        shares.forEach((metric, share) -> {
            Estimate estimate = prediction.estimates().get(metric);
            assertThat(estimate.high()).as("%s", metric).isCloseTo((1 + share) * estimate.value(), within(1e-6));
            assertThat(estimate.low()).as("%s", metric).isCloseTo((1 - share) * estimate.value(), within(1e-6));
        });
    }

    @Test
    void a_negative_value_has_its_interval_around_it_and_nothing_has_one_of_a_microsecond() {
        Prediction prediction = predict(Map.of(), between(BUSY), Technique.POST_COPY);

        Estimate cpu = prediction.estimates().get(Metric.CPU);
        assertThat(cpu.value()).isCloseTo(-120, within(1e-9));
        assertThat(cpu.low()).isCloseTo(-120 * 1.4, within(1e-9));
        assertThat(cpu.high()).isCloseTo(-120 * 0.6, within(1e-9));
        Estimate downtime = prediction.estimates().get(Metric.DOWNTIME);
        assertThat(downtime.value()).isZero();
        assertThat(downtime.high()).isEqualTo(1e-3);
    }

    /** A VM of which all is sent in 0.541 s: a tenth of 5.4 s. */
    private static double endProbability(double limitSeconds, Technique technique) {
        MigrationTuning tuning =
                MigrationTuning.DEFAULT.withTimeLimit(Duration.ofMillis(Math.round(limitSeconds * 1e3)));
        return predict(Map.of(), with(between(vm(256, 64)), tuning), technique).endProbability();
    }

    @Test
    void up_to_a_tenth_of_its_time_limit_a_migration_surely_ends_and_then_ever_less() {
        assertThat(endProbability(6, Technique.PRE_COPY)).isEqualTo(1);
        // 0.5415 of 1 s: (0.5415 − 0.1) / 0.9 = 0.4905 of the way, and 1 − 0.4905^1.5 / 2
        assertThat(endProbability(1, Technique.PRE_COPY))
                .isCloseTo(1 - Math.pow((ALL_SECONDS - 0.1) / 0.9, 1.5) / 2, within(1e-9));
        assertThat(endProbability(0.542, Technique.PRE_COPY)).isBetween(0.5, 0.501);
        double before = 0;
        for (double limit = 0.55; limit < 6; limit += 0.05) {
            double now = endProbability(limit, Technique.PRE_COPY);
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
    }

    @Test
    void one_that_is_said_not_to_end_does_in_19_of_100_and_post_copy_in_any_case() {
        assertThat(endProbability(0.3, Technique.PRE_COPY)).isEqualTo(0.19);
        assertThat(endProbability(0.3, Technique.POST_COPY)).isEqualTo(1);
    }

    @Test
    void a_vm_is_unknown_when_neither_its_writes_nor_its_pages_were_seen() {
        VmProfile idle = vm(256, 64);
        VmProfile writing = vm(256, 64, levelAt(100));

        assertThat(basis(idle)).as("its pages were seen").isEqualTo(Basis.SIMULATED);
        assertThat(basis(Vms.lookedAt(writing, writing.dirtyCurve().points(), 0, PageContent.UNKNOWN)))
                .as("its writes were seen")
                .isEqualTo(Basis.SIMULATED);
        assertThat(basis(Vms.lookedAt(idle, List.of(), 0, PageContent.UNKNOWN))).isEqualTo(Basis.UNSURE);
        assertThat(basis(Vms.known(writing, Map.of())))
                .as("nothing was measured")
                .isEqualTo(Basis.UNSURE);
    }

    private static Basis basis(VmProfile vm) {
        return predict(Map.of(), between(vm), Technique.PRE_COPY).basis();
    }
}
