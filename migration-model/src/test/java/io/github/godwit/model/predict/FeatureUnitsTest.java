package io.github.godwit.model.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.profile.DirtyCurve.Point;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.profile.VmProfile.DirtySource;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each feature of a case in which no two figures are alike. A MiB is 256 pages. */
class FeatureUnitsTest {

    /** 25.6 pages in 50 ms, a MiB/s twice over; 128 in half a second, 192 in one and 256 in two. */
    private static final DirtyCurve CURVE = new DirtyCurve(
            List.of(new Point(0.05, 25.6), new Point(0.5, 128), new Point(1, 192), new Point(2, 256)), 40_000);

    @Test
    void every_feature_is_in_the_unit_that_its_name_says() {
        Map<Features, Double> expected = new EnumMap<>(Features.class);
        expected.put(Features.MEMORY_MIB, 512.0);
        expected.put(Features.VCPUS, 3.0);
        expected.put(Features.NON_ZERO_MIB, 160.0);
        expected.put(Features.DIRTY_RATE_MIB_S, 2.0);
        expected.put(Features.DIRTY_100MS_MIB, (25.6 + 102.4 / 9) / 256);
        expected.put(Features.DIRTY_500MS_MIB, 0.5);
        expected.put(Features.DIRTY_2S_MIB, 1.0);
        expected.put(Features.WORKING_SET_MIB, 1.0);
        expected.put(Features.TEMPORAL_LOCALITY, 0.5); // of 256 writes in half a second 128 pages are new
        expected.put(Features.SPATIAL_LOCALITY, 0.15);
        expected.put(Features.ENTROPY, 0.25);
        expected.put(Features.ZLIB_RATIO, 0.35);
        expected.put(Features.ZSTD_RATIO, 0.45);
        expected.put(Features.CHANGED_BYTES, 77.0);
        expected.put(Features.VCPU_USE, 0.4);
        expected.put(Features.VM_OUT_MBIT, 21.0);
        expected.put(Features.VM_IN_MBIT, 11.0);
        expected.put(Features.SOURCE_FREE_CORES, 0.8); // 8 at nine tenths
        expected.put(Features.SOURCE_MEMORY_SHORTAGE, 0.2); // the fifth part of the last five percent
        expected.put(Features.DESTINATION_FREE_CORES, 0.6); // 1 at two fifths
        expected.put(Features.DESTINATION_MEMORY_SHORTAGE, 0.8);
        expected.put(Features.LINK_MBIT, 900.0);
        expected.put(Features.AVAILABLE_MBIT, 500.0);
        expected.put(Features.RESERVED_MBIT, 300.0);
        expected.put(Features.LATENCY_MS, 0.7);
        expected.put(Features.SOURCE_OUT_MBIT, 200.0);
        expected.put(Features.DESTINATION_IN_MBIT, 400.0);
        expected.put(Features.DOWNTIME_LIMIT_MS, 123.0);
        expected.put(Features.DIRTY_RING, 1.0);
        expected.put(Features.TCG, 0.0);
        expected.put(Features.LIBVIRT, 1.0);

        double[] vector = Features.of(migration(true));

        assertThat(expected).containsOnlyKeys(Features.values());
        expected.forEach((feature, value) -> assertThat(vector[Features.names().indexOf(feature.name())])
                .as("%s", feature)
                .isCloseTo(value, within(1e-9)));
    }

    @Test
    void a_vm_without_a_dirty_ring_is_told_from_one_with_it() {
        int place = Features.names().indexOf(Features.DIRTY_RING.name());

        assertThat(Features.of(migration(false))[place]).isZero();
        assertThat(Features.of(migration(true))[place]).isEqualTo(1);
    }

    private static MigrationCase migration(boolean dirtyRing) {
        VmProfile vm = new VmProfile(
                "vm",
                MemorySize.ofMebibytes(512),
                3,
                160 * 256,
                CURVE,
                0.15,
                new PageContent(0.25, 0.35, 0.45, 77),
                1.2, // of 3 vCPUs
                500,
                MemorySize.ofMebibytes(200),
                dirtyRing,
                new Traffic(Bandwidth.ofMegabits(11), Bandwidth.ofMegabits(21)),
                DirtySource.DIRTY_BITMAP,
                Accelerator.KVM,
                VmProfile.FRESH);
        HostProfile source = host("h1", 8, 0.9, 0.96, 1000, 100, 200);
        HostProfile destination = host("h2", 1, 0.4, 0.99, 900, 400, 50);
        // 1,000 less 200 and 900 less 400: 500 are free
        LinkProfile link = LinkProfile.between(source, destination, 0.7).withReserved(Bandwidth.ofMegabits(300));
        return new MigrationCase(
                vm, source, destination, link, MigrationTuning.DEFAULT.withDowntimeLimit(Duration.ofMillis(123)));
    }

    private static HostProfile host(
            String name, double cores, double cpuLoad, double memoryLoad, double megabits, double in, double out) {
        return new HostProfile(
                name,
                cores,
                cpuLoad,
                MemorySize.parse("8G"),
                memoryLoad,
                Bandwidth.ofMegabits(megabits),
                new Traffic(Bandwidth.ofMegabits(in), Bandwidth.ofMegabits(out)),
                0,
                Hypervisor.LIBVIRT);
    }
}
