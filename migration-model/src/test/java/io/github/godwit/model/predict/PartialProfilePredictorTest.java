package io.github.godwit.model.predict;

import static io.github.godwit.model.predict.Metric.CPU;
import static io.github.godwit.model.predict.Metric.DOWNTIME;
import static io.github.godwit.model.predict.Metric.MEMORY;
import static io.github.godwit.model.predict.Metric.PERFORMANCE;
import static io.github.godwit.model.predict.Metric.TOTAL_TIME;
import static io.github.godwit.model.predict.Metric.TRANSFERRED_DATA;
import static io.github.godwit.model.profile.ProfilePart.CONTENT;
import static io.github.godwit.model.profile.ProfilePart.VCPU_USE;
import static io.github.godwit.model.profile.ProfilePart.WRITES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.ProfilePart;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Intervals of VMs that are known in part, over a predictor of which every metric reads one figure of the profile. */
class PartialProfilePredictorTest {

    /**
     * TT is the pages written in a second, DT the zstd ratio in percent, TD the non-zero memory in MiB, CPU that of the
     * vCPUs in percent; PERF and MEM read nothing. Each interval reaches a tenth of the value to either side.
     */
    private static final Predictor READING = (migration, technique) -> new Prediction(read(migration.vm()), true);

    /** 256 MiB, 128 MiB of them not zero, 168 MiB resident, one vCPU that is busy half of the time. */
    private static final VmProfile VM = Vms.small();

    private final Predictor partial = new PartialProfilePredictor(READING);

    @Test
    void without_its_writes_the_vm_writes_nothing_or_as_much_as_it_can() {
        Prediction prediction = predict(knownBy(Map.of(CONTENT, 0L, VCPU_USE, 0L)));

        // Half a vCPU can write 200,000 pages/s, but there are no more than 128 · 256 = 32,768 that are not zero.
        assertEstimate(prediction, TOTAL_TIME, 16_384, 0, 36_044.8);
        assertAsPredictedOf(VM, prediction, DOWNTIME, TRANSFERRED_DATA, PERFORMANCE, CPU, MEMORY);
    }

    @Test
    void the_most_that_it_can_write_is_what_its_vcpus_manage() {
        VmProfile large = Vms.writing(16_384, 8_192, 64, 60, false);

        // Half a vCPU, and where its use is not known either, a whole one: 400,000 pages/s.
        Prediction half = predict(Vms.known(large, Map.of(CONTENT, 0L, VCPU_USE, 0L)));
        Prediction whole = predict(Vms.known(large, Map.of(CONTENT, 0L)));

        assertEstimate(half, TOTAL_TIME, 100_000, 0, 220_000);
        assertAsPredictedOf(large, half, CPU);
        assertEstimate(whole, TOTAL_TIME, 200_000, 0, 440_000);
        assertEstimate(whole, CPU, 50, 0, 110);
    }

    @Test
    void without_its_content_it_holds_what_is_resident_and_compresses_best_or_all_its_memory_and_does_not() {
        Prediction prediction = predict(knownBy(Map.of(WRITES, 0L, VCPU_USE, 0L)));

        // 168 MiB less a tenth, 256 MiB and a tenth; a ratio of 0.05 less a tenth, of 1 and a tenth
        assertEstimate(prediction, TRANSFERRED_DATA, 212, 151.2, 281.6);
        assertEstimate(prediction, DOWNTIME, 52.5, 4.5, 110);
        assertAsPredictedOf(VM, prediction, TOTAL_TIME, PERFORMANCE, CPU, MEMORY);
    }

    @Test
    void without_its_cpu_use_it_idles_or_computes_all_the_time() {
        Prediction prediction = predict(knownBy(Map.of(WRITES, 0L, CONTENT, 0L)));

        assertEstimate(prediction, CPU, 50, 0, 110);
        assertAsPredictedOf(VM, prediction, TOTAL_TIME, DOWNTIME, TRANSFERRED_DATA, PERFORMANCE, MEMORY);
    }

    @Test
    void it_ends_as_likely_as_on_average_of_both_and_rests_on_the_worse_basis() {
        Predictor unsureOfWriters = (migration, technique) -> {
            boolean idle = migration.vm().dirtyCurve().pagesAfter(1) == 0;
            return new Prediction(read(migration.vm()), true, idle ? 1 : 0.2, idle ? Basis.LEARNED : Basis.UNFAMILIAR);
        };

        Prediction prediction = new PartialProfilePredictor(unsureOfWriters)
                .predict(moving(knownBy(Map.of(CONTENT, 0L, VCPU_USE, 0L))), Technique.PRE_COPY);

        // (1 + 0.2) / 2
        assertThat(prediction.endProbability()).isCloseTo(0.6, within(1e-12));
        assertThat(prediction.converges()).isTrue();
        assertThat(prediction.basis()).isEqualTo(Basis.UNFAMILIAR);
    }

    @Test
    void of_a_vm_that_was_measured_just_now_nothing_is_changed() {
        assertThat(predict(VM)).isEqualTo(READING.predict(moving(VM), Technique.PRE_COPY));
    }

    @Test
    void up_to_half_a_minute_old_a_part_is_as_good_as_new() {
        VmProfile lately = knownBy(Map.of(WRITES, 30_000L, CONTENT, 0L, VCPU_USE, 12_000L));

        assertThat(predict(lately)).isEqualTo(READING.predict(moving(VM), Technique.PRE_COPY));
    }

    @Test
    void a_part_that_is_90_s_old_makes_all_intervals_twice_as_wide() {
        Prediction prediction = predict(knownBy(Map.of(WRITES, 0L, CONTENT, 90_000L, VCPU_USE, 0L)));

        // √(1 + 3 · 90 / 90) = 2: a fifth to either side
        assertEstimate(prediction, TRANSFERRED_DATA, 128, 102.4, 153.6);
        assertEstimate(prediction, CPU, 50, 40, 60);
        assertEstimate(prediction, PERFORMANCE, 0.5, 0.4, 0.6);
        assertEstimate(prediction, MEMORY, 2, 1.6, 2.4);
    }

    @Test
    void the_oldest_part_counts_and_no_interval_gets_wider_than_four_times() {
        // √(1 + 3 · 210 / 90) = √8
        Prediction old = predict(knownBy(Map.of(WRITES, 210_000L, CONTENT, 60_000L, VCPU_USE, 0L)));
        assertEstimate(old, TRANSFERRED_DATA, 128, 128 - 12.8 * Math.sqrt(8), 128 + 12.8 * Math.sqrt(8));

        // √(1 + 3 · 450 / 90) = 4; an hour makes 11
        for (long age : new long[] {450_000, 3_600_000}) {
            Prediction older = predict(knownBy(Map.of(WRITES, age, CONTENT, age, VCPU_USE, age)));
            assertEstimate(older, TRANSFERRED_DATA, 128, 76.8, 179.2);
        }
    }

    @Test
    void a_missing_part_and_an_old_one_add_up() {
        Prediction prediction = predict(knownBy(Map.of(CONTENT, 90_000L, VCPU_USE, 0L)));

        // 16,384 and twice the 19,660.8 to 36,044.8; twice the 16,384 to 0 would be below zero
        assertEstimate(prediction, TOTAL_TIME, 16_384, 0, 55_705.6);
        assertEstimate(prediction, TRANSFERRED_DATA, 128, 102.4, 153.6);
    }

    @Test
    void a_wider_interval_reaches_below_zero_only_where_the_metric_can() {
        Map<Metric, Estimate> estimates = new EnumMap<>(read(VM));
        estimates.put(PERFORMANCE, new Estimate(0.9, 0.4, 1));
        estimates.put(MEMORY, new Estimate(2, 0.5, 4));
        estimates.put(CPU, new Estimate(10, -5, 25));
        Predictor unsure = (migration, technique) -> new Prediction(estimates, true);
        VmProfile old = knownBy(Map.of(WRITES, 90_000L, CONTENT, 90_000L, VCPU_USE, 90_000L));

        Prediction prediction = new PartialProfilePredictor(unsure).predict(moving(old), Technique.PRE_COPY);

        // twice as wide: from -0.1, from -1, and from -20, which CPU above that of before may be
        assertEstimate(prediction, PERFORMANCE, 0.9, 0, 1.1);
        assertEstimate(prediction, MEMORY, 2, 0, 6);
        assertEstimate(prediction, CPU, 10, -20, 40);
    }

    @Test
    void a_vm_of_which_nothing_was_measured_is_left_to_the_other_predictor() {
        VmProfile unmeasured = VmProfile.unmeasured(
                new VmDefinition("vm", MemorySize.ofMebibytes(256), 1, "guest", "", Accelerator.KVM, 0));

        Prediction prediction =
                new PartialProfilePredictor(new AnalyticPredictor()).predict(moving(unmeasured), Technique.PRE_COPY);

        assertThat(prediction).isEqualTo(new AnalyticPredictor().predict(moving(unmeasured), Technique.PRE_COPY));
        assertThat(prediction.basis()).isEqualTo(Basis.UNSURE);
    }

    @Test
    void a_vm_that_is_known_in_part_is_simulated_with_intervals_that_hold_all_it_may_turn_out_to_be() {
        Predictor simulation = new AnalyticPredictor();
        MigrationCase migration = moving(knownBy(Map.of(CONTENT, 0L, VCPU_USE, 0L)));

        Prediction prediction = new PartialProfilePredictor(simulation).predict(migration, Technique.PRE_COPY);

        assertThat(prediction.basis()).isEqualTo(Basis.SIMULATED);
        for (double rate : new double[] {0, 10, 60, 400}) {
            MigrationCase turnedOut = moving(Vms.writing(256, 128, 64, rate, false));
            double totalTime = simulation.predict(turnedOut, Technique.PRE_COPY).value(TOTAL_TIME);
            assertThat(totalTime)
                    .as("%s MiB/s", rate)
                    .isBetween(
                            prediction.estimates().get(TOTAL_TIME).low(),
                            prediction.estimates().get(TOTAL_TIME).high());
        }
    }

    @Test
    void all_at_once_is_the_same_as_one_by_one() {
        MigrationCase migration = moving(knownBy(Map.of(CONTENT, 90_000L, VCPU_USE, 0L)));
        Predictor simulated = new PartialProfilePredictor(new AnalyticPredictor());

        Map<Technique, Prediction> all = simulated.predictAll(migration, List.of(Technique.values()));

        for (Technique technique : Technique.values()) {
            assertThat(all.get(technique)).as("%s", technique).isEqualTo(simulated.predict(migration, technique));
        }
    }

    private static Map<Metric, Estimate> read(VmProfile vm) {
        Map<Metric, Double> figures = Map.of(
                TOTAL_TIME,
                vm.dirtyCurve().pagesAfter(1),
                DOWNTIME,
                100 * vm.content().zstdRatio(),
                TRANSFERRED_DATA,
                vm.nonZeroPages() / 256.0,
                PERFORMANCE,
                0.5,
                CPU,
                100 * vm.vcpuUse(),
                MEMORY,
                2.0);
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        figures.forEach((metric, value) -> estimates.put(metric, new Estimate(value, 0.9 * value, 1.1 * value)));
        return estimates;
    }

    private Prediction predict(VmProfile vm) {
        return partial.predict(moving(vm), Technique.PRE_COPY);
    }

    private static VmProfile knownBy(Map<ProfilePart, Long> agesMillis) {
        return Vms.known(VM, agesMillis);
    }

    private static MigrationCase moving(VmProfile vm) {
        HostProfile source = host("h1");
        HostProfile destination = host("h2");
        return new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0.1), MigrationTuning.forVm(vm));
    }

    private static HostProfile host(String name) {
        return new HostProfile(name, 4, 0.3, MemorySize.parse("64G"), 0.2, Bandwidth.parse("1gbit"), Traffic.NONE);
    }

    private static void assertEstimate(Prediction prediction, Metric metric, double value, double low, double high) {
        Estimate estimate = prediction.estimates().get(metric);
        assertThat(estimate.value()).as("value of %s", metric).isCloseTo(value, within(1e-6));
        assertThat(estimate.low()).as("low end of %s", metric).isCloseTo(low, within(1e-6));
        assertThat(estimate.high()).as("high end of %s", metric).isCloseTo(high, within(1e-6));
    }

    private static void assertAsPredictedOf(VmProfile vm, Prediction prediction, Metric... metrics) {
        for (Metric metric : metrics) {
            assertThat(prediction.estimates().get(metric)).as("%s", metric).isEqualTo(read(vm).get(metric));
        }
    }
}
