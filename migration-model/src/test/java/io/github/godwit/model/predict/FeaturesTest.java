package io.github.godwit.model.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.Vms;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import org.junit.jupiter.api.Test;

class FeaturesTest {

    private static final MigrationCase CASE = migration();

    @Test
    void a_case_is_one_finite_number_for_each_feature() {
        double[] vector = Features.of(CASE);

        assertThat(vector).hasSameSizeAs(Features.names());
        for (double value : vector) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void the_numbers_are_in_the_units_that_the_names_say() {
        assertThat(value(Features.MEMORY_MIB)).isEqualTo(256);
        assertThat(value(Features.NON_ZERO_MIB)).isEqualTo(128);
        // 1,000 less 200 out of the source; 1,000 less 500 into the destination
        assertThat(value(Features.AVAILABLE_MBIT)).isEqualTo(500);
        assertThat(value(Features.DESTINATION_IN_MBIT)).isEqualTo(500);
        assertThat(value(Features.DOWNTIME_LIMIT_MS)).isEqualTo(300);
    }

    @Test
    void writes_that_hit_the_same_pages_again_are_temporal_locality() {
        // 60 MiB/s over 64 MiB: in 0.5 s about a fifth of the writes hit a page again.
        assertThat(value(Features.TEMPORAL_LOCALITY)).isBetween(0.15, 0.25);
    }

    @Test
    void a_guest_that_is_translated_is_told_from_one_that_is_not() {
        assertThat(value(Features.TCG)).isZero();
        assertThat(value(CASE.withVm(CASE.vm().withAccelerator(Accelerator.TCG)), Features.TCG))
                .isEqualTo(1);
    }

    @Test
    void a_host_with_room_is_like_any_other_host_with_room() {
        MigrationCase large = between(host("a", 128, 0.6, 0.9), host("b", 64, 0.3, 0.7));
        assertThat(value(large, Features.SOURCE_MEMORY_SHORTAGE)).isZero();
        assertThat(value(large, Features.DESTINATION_MEMORY_SHORTAGE)).isZero();
        assertThat(value(large, Features.SOURCE_FREE_CORES)).isEqualTo(1);
        assertThat(value(large, Features.DESTINATION_FREE_CORES)).isEqualTo(1);

        MigrationCase busy = between(host("a", 128, 0.999, 1), host("b", 1, 1, 0.5));
        assertThat(value(busy, Features.SOURCE_FREE_CORES)).isCloseTo(0.128, within(1e-9));
        assertThat(value(busy, Features.SOURCE_MEMORY_SHORTAGE)).isEqualTo(1);
        assertThat(value(busy, Features.DESTINATION_FREE_CORES)).isZero();
    }

    private static MigrationCase between(HostProfile source, HostProfile destination) {
        return new MigrationCase(
                CASE.vm(), source, destination, LinkProfile.between(source, destination, 0.1), CASE.tuning());
    }

    private static HostProfile host(String name, double cores, double cpuLoad, double memoryLoad) {
        return new HostProfile(
                name, cores, cpuLoad, MemorySize.parse("8G"), memoryLoad, Bandwidth.ofMegabits(1000), Traffic.NONE);
    }

    private static double value(Features feature) {
        return value(CASE, feature);
    }

    private static double value(MigrationCase migration, Features feature) {
        return Features.of(migration)[Features.names().indexOf(feature.name())];
    }

    private static MigrationCase migration() {
        VmProfile vm = Vms.small();
        HostProfile source = host("h1", new Traffic(Bandwidth.ZERO, Bandwidth.ofMegabits(200)));
        HostProfile destination = host("h2", new Traffic(Bandwidth.ofMegabits(500), Bandwidth.ZERO));
        return new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0.1), MigrationTuning.forVm(vm));
    }

    private static HostProfile host(String name, Traffic traffic) {
        return new HostProfile(name, 4, 0.3, MemorySize.parse("8G"), 0.5, Bandwidth.ofMegabits(1000), traffic);
    }
}
