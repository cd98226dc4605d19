package io.github.godwit.model.predict.analytic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** QEMU's algorithm with costs of zero, so that every expected value can be worked out by hand. */
class AnalyticPredictorTest {

    /** No CPU time, no set-up, the whole link for the payload. */
    static final MigrationCosts FREE = new MigrationCosts(
            0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Non-zero pages of the VM below: 64 MiB. */
    private static final double PAGES = 16384;

    private static final double GIGABIT_BYTES = 125e6;

    private final AnalyticPredictor predictor = new AnalyticPredictor(FREE);

    @Test
    void an_idle_vm_is_sent_once_with_8_bytes_a_page_and_9_a_zero_page() {
        Prediction prediction = predictor.predict(on(idle(), 1000), Technique.PRE_COPY);

        // 16,384 · 4,104 B + 49,152 · 9 B = 67,682,304 B over 125 MB/s; nothing is left for the downtime.
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isCloseTo(67.682304, within(1e-6));
        assertThat(prediction.value(Metric.TOTAL_TIME)).isCloseTo(541.458, within(0.001));
        assertThat(prediction.value(Metric.DOWNTIME)).isCloseTo(0, within(1e-6));
        assertThat(prediction.value(Metric.PERFORMANCE)).isCloseTo(1, within(1e-6));
        assertThat(prediction.converges()).isTrue();
    }

    @Test
    void what_fits_in_the_downtime_limit_is_sent_while_the_vm_stands() {
        VmProfile vm = Vms.writing(256, 64, 64, 60, false);

        Prediction prediction = predictor.predict(on(vm, 1000), Technique.PRE_COPY);

        // The first round takes 0.541 s. What was written in it is below the threshold of 125 MB/s · 0.3 s = 37.5 MB,
        // so the VM stops then, and those pages take the downtime.
        double written = vm.dirtyCurve().pagesAfter(0.541458);
        assertThat(written * 4096).isLessThan(37.5e6);
        assertThat(prediction.value(Metric.DOWNTIME)).isCloseTo(written * 4104 / GIGABIT_BYTES * 1e3, within(0.01));
        assertThat(prediction.value(Metric.TRANSFERRED_DATA))
                .isCloseTo((67_682_304 + written * 4104) / 1e6, within(1e-3));
    }

    @Test
    void a_tighter_downtime_limit_takes_more_rounds_and_less_downtime() {
        VmProfile vm = Vms.writing(256, 64, 64, 60, false);
        MigrationCase loose = on(vm, 1000);
        MigrationCase tight = withTuning(loose, downtimeLimit(Duration.ofMillis(50)));

        Prediction fast = predictor.predict(loose, Technique.PRE_COPY);
        Prediction smooth = predictor.predict(tight, Technique.PRE_COPY);

        assertThat(smooth.converges()).isTrue();
        assertThat(smooth.value(Metric.DOWNTIME))
                .isLessThan(fast.value(Metric.DOWNTIME))
                .isLessThan(51);
        assertThat(smooth.value(Metric.TOTAL_TIME)).isGreaterThan(fast.value(Metric.TOTAL_TIME));
    }

    @Test
    void close_to_its_time_limit_pre_copy_may_fail_and_post_copy_ends() {
        MigrationCase tight = withTuning(
                on(Vms.writing(256, 64, 64, 60, false), 1000),
                MigrationTuning.DEFAULT.withTimeLimit(Duration.ofMillis(900)));

        assertThat(predictor.predict(tight, Technique.PRE_COPY).endProbability())
                .isBetween(0.5, 0.8);
        assertThat(predictor.predict(tight, Technique.POST_COPY).endProbability())
                .isEqualTo(1);
        assertThat(predictor.predict(tight, Technique.PRE_POST_COPY).endProbability())
                .isEqualTo(1);
    }

    @Test
    void a_vm_that_writes_faster_than_the_link_never_converges() {
        // 200 MiB/s over 256 MiB against 125 MB/s: after any round more is dirty than 0.3 s can carry.
        Prediction prediction = predictor.predict(on(Vms.writing(512, 256, 256, 200, false), 1000), Technique.PRE_COPY);

        assertThat(prediction.converges()).isFalse();
        assertThat(prediction.value(Metric.TOTAL_TIME)).isCloseTo(300_000, within(500.0));
        // It sends at the link's rate to the end.
        assertThat(prediction.value(Metric.TRANSFERRED_DATA)).isCloseTo(300 * 125, within(300 * 125 * 0.02));
    }

    @Test
    void throttling_makes_it_converge_and_costs_performance() {
        MigrationCase migration = on(Vms.writing(512, 256, 256, 200, false), 1000);

        Prediction throttled = predictor.predict(migration, Technique.AUTO_CONVERGE);

        assertThat(throttled.converges()).isTrue();
        assertThat(throttled.value(Metric.PERFORMANCE)).isLessThan(0.9);
        assertThat(throttled.value(Metric.TOTAL_TIME))
                .isLessThan(predictor.predict(migration, Technique.PRE_COPY).value(Metric.TOTAL_TIME));
    }

    @Test
    void the_cap_on_bandwidth_binds_the_rounds_but_not_the_downtime() {
        VmProfile vm = Vms.writing(256, 64, 16, 4, false);
        MigrationTuning capped = MigrationTuning.DEFAULT.withMaxBandwidth(Bandwidth.ofMegabits(100));

        Prediction prediction = predictor.predict(withTuning(on(vm, 1000), capped), Technique.PRE_COPY);

        // Round 1 at 12.5 MB/s takes 5.4 s; what is left then goes at 125 MB/s: under a tenth of the limit of 300 ms.
        assertThat(prediction.value(Metric.TOTAL_TIME)).isGreaterThan(5400);
        assertThat(prediction.value(Metric.DOWNTIME)).isLessThan(30.0 + 1);
    }

    @Test
    void delta_compression_saves_nothing_in_the_first_dirty_round_and_nearly_all_later() {
        MigrationCase migration = on(Vms.writing(512, 256, 64, 40, false), 200);

        Prediction plain = predictor.predict(migration, Technique.PRE_COPY);
        Prediction delta = predictor.predict(migration, Technique.XBZRLE);

        // Both send all non-zero pages and the first dirty round raw.
        double firstTwoRounds = (65_536 * 4104 + 65_536 * 9) / 1e6;
        assertThat(delta.value(Metric.TRANSFERRED_DATA)).isGreaterThan(firstTwoRounds);
        assertThat(delta.value(Metric.TRANSFERRED_DATA)).isLessThan(plain.value(Metric.TRANSFERRED_DATA));
        assertThat(delta.value(Metric.DOWNTIME)).isLessThan(plain.value(Metric.DOWNTIME) / 4);
        // The cache holds the working set.
        assertThat(delta.value(Metric.MEMORY)).isLessThanOrEqualTo(64 * 1.048576 + 0.001);
    }

    @Test
    void compression_divides_the_data_by_its_ratio() {
        Prediction prediction = predictor.predict(on(idle(), 1000), Technique.ZSTD);

        // 16,384 · (8 + 0.55 · 4,096) B + 49,152 · 8 B
        assertThat(prediction.value(Metric.TRANSFERRED_DATA))
                .isCloseTo((PAGES * (8 + 0.55 * 4096) + 49_152 * 8) / 1e6, within(1e-6));
    }

    @Test
    void a_slow_compressor_bounds_the_rate() {
        MigrationCosts slowZlib = new MigrationCosts(
                0, 0, 0, 1, 0, 0, 100e-6, 100e-6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        Prediction prediction = new AnalyticPredictor(slowZlib).predict(on(idle(), 10_000), Technique.ZLIB);

        // Two channels share 16,384 · 100 µs.
        assertThat(prediction.value(Metric.TOTAL_TIME)).isCloseTo(819.2, within(0.5));
        assertThat(prediction.value(Metric.CPU)).isCloseTo(200, within(0.5));
    }

    @Test
    void a_guest_costs_what_its_accelerator_does() {
        MigrationCosts slowZlib = new MigrationCosts(
                0, 0, 0, 1, 0, 0, 100e-6, 100e-6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        AnalyticPredictor each = new AnalyticPredictor(accelerator -> accelerator == Accelerator.TCG ? slowZlib : FREE);
        MigrationCase underKvm = on(idle(), 10_000);
        MigrationCase underTcg = underKvm.withVm(idle().withAccelerator(Accelerator.TCG));

        // Two channels share 16,384 · 100 µs where it is translated.
        assertThat(each.predict(underTcg, Technique.ZLIB).value(Metric.TOTAL_TIME))
                .isCloseTo(819.2, within(0.5));
        assertThat(each.predict(underKvm, Technique.ZLIB)).isEqualTo(predictor.predict(underKvm, Technique.ZLIB));
    }

    @Test
    void costs_of_another_kind_of_host_are_the_same_whatever_runs_the_guest() {
        MigrationCase underKvm = on(idle(), 1000);
        MigrationCase underTcg = underKvm.withVm(idle().withAccelerator(Accelerator.TCG));

        assertThat(predictor.predict(underTcg, Technique.PRE_COPY))
                .isEqualTo(predictor.predict(underKvm, Technique.PRE_COPY));
    }

    @Test
    void what_the_connection_holds_goes_out_while_the_vm_stands_still_and_makes_nothing_longer() {
        MigrationCosts holding = new MigrationCosts(
                0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1e6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        Prediction prediction = new AnalyticPredictor(holding).predict(on(idle(), 1000), Technique.PRE_COPY);

        // 1 MB where 10 MB are sent, and here 16,384 · 4,104 B: ∛6.72 MB at 125 MB/s
        assertThat(prediction.value(Metric.DOWNTIME)).isCloseTo(8 * Math.cbrt(PAGES * 4104 / 1e7), within(1e-6));
        assertThat(prediction.value(Metric.TOTAL_TIME))
                .isCloseTo(
                        predictor.predict(on(idle(), 1000), Technique.PRE_COPY).value(Metric.TOTAL_TIME), within(1e-6));
    }

    @Test
    void zstd_takes_longer_for_what_it_makes_small() {
        MigrationCosts costs = new MigrationCosts(
                0, 0, 0, 1, 0, 0, 0, 0, 50e-6, 5e-6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        AnalyticPredictor compressing = new AnalyticPredictor(costs);

        double small = compressing
                .predict(on(withZstdRatio(0.3), 10_000), Technique.ZSTD)
                .value(Metric.TOTAL_TIME);
        double large = compressing
                .predict(on(withZstdRatio(0.5), 10_000), Technique.ZSTD)
                .value(Metric.TOTAL_TIME);

        assertThat(small).isGreaterThan(large);
    }

    private static VmProfile withZstdRatio(double ratio) {
        return Vms.lookedAt(idle(), List.of(), 0, new PageContent(0.5, 0.55, ratio, 64));
    }

    @Test
    void background_traffic_lengthens_and_a_reservation_shortens() {
        MigrationCase quiet = on(idle(), 1000);
        LinkProfile busyLink =
                new LinkProfile(Bandwidth.ofMegabits(1000), Bandwidth.ofMegabits(500), Bandwidth.ZERO, 0);
        MigrationCase busy = withLink(quiet, busyLink);
        MigrationCase reserved = withLink(quiet, busyLink.withReserved(Bandwidth.ofMegabits(800)));

        assertThat(predictor.predict(busy, Technique.PRE_COPY).value(Metric.TOTAL_TIME))
                .isCloseTo(1082.9, within(0.1));
        assertThat(predictor.predict(reserved, Technique.PRE_COPY).value(Metric.TOTAL_TIME))
                .isCloseTo(676.8, within(0.1));
    }

    @Test
    void every_prediction_obeys_the_bounds_of_physics_over_random_cases() {
        AnalyticPredictor real = new AnalyticPredictor();
        Random random = new Random(20260101);
        for (int i = 0; i < 2_000; i++) {
            long memory = 128L + random.nextInt(4096);
            long touched = 16L + random.nextInt((int) memory - 16);
            double set = 1 + random.nextDouble() * (touched - 1);
            double rate = random.nextDouble() * 800;
            double link = 100 * Math.pow(100, random.nextDouble());
            MigrationCase migration = on(Vms.writing(memory, touched, set, rate, true), link);
            for (Technique technique : Technique.values()) {
                Prediction prediction = real.predict(migration, technique);
                String what = "%s of %d/%d/%.0f MiB at %.0f MiB/s over %.0f Mbit/s"
                        .formatted(technique, memory, touched, set, rate, link);
                double wireSeconds = prediction.value(Metric.TRANSFERRED_DATA) * 8 / link;
                assertThat(prediction.value(Metric.TOTAL_TIME))
                        .as(what)
                        .isGreaterThanOrEqualTo(wireSeconds * 1e3 * 0.999);
                assertThat(prediction.value(Metric.DOWNTIME))
                        .as(what)
                        .isBetween(0.0, prediction.value(Metric.TOTAL_TIME));
                assertThat(prediction.value(Metric.PERFORMANCE)).as(what).isBetween(0.0, 1.0);
                assertThat(prediction.value(Metric.MEMORY)).as(what).isNotNegative();
                if (technique == Technique.POST_COPY) {
                    assertThat(prediction.converges()).as(what).isTrue();
                    assertThat(prediction.value(Metric.TRANSFERRED_DATA))
                            .as(what)
                            .isLessThan(memory * 1.048576 * 1.01);
                }
            }
        }
    }

    static VmProfile idle() {
        return Vms.writing(256, 64, 64, 0, false);
    }

    static MigrationCase on(VmProfile vm, double megabits) {
        HostProfile source = host("h1", megabits);
        HostProfile destination = host("h2", megabits);
        return new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0), MigrationTuning.forVm(vm));
    }

    private static HostProfile host(String name, double megabits) {
        return new HostProfile(
                name, 8, 0.2, MemorySize.parse("64G"), 0.2, Bandwidth.ofMegabits(megabits), Traffic.NONE);
    }

    static MigrationTuning downtimeLimit(Duration limit) {
        return MigrationTuning.DEFAULT.withDowntimeLimit(limit);
    }

    static MigrationCase withTuning(MigrationCase base, MigrationTuning tuning) {
        return new MigrationCase(base.vm(), base.source(), base.destination(), base.link(), tuning);
    }

    private static MigrationCase withLink(MigrationCase base, LinkProfile link) {
        return new MigrationCase(base.vm(), base.source(), base.destination(), link, base.tuning());
    }
}
