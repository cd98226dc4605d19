package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Vms;
import io.github.godwit.model.unit.Version;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the operator of a host forbids. */
class HostCapabilitiesTest {

    private static final Version QEMU = Version.of(10, 0);
    private static final Version LIBVIRT = Version.of(11, 3);
    private static final HostCapabilities FREE = new HostCapabilities("h1", QEMU, LIBVIRT, Map.of());
    private static final HostCapabilities STRICT = new HostCapabilities("h2", QEMU, LIBVIRT, Map.of())
            .under(Map.of(Technique.AUTO_CONVERGE, "is forbidden"), MigrationLimits.NONE);

    @Test
    void the_source_forbids_and_the_destination_does_not() {
        assertThat(TechniqueAvailability.between(STRICT, FREE, Vms.small()).unavailable())
                .containsEntry(Technique.AUTO_CONVERGE, "is forbidden");
        assertThat(TechniqueAvailability.between(FREE, STRICT, Vms.small()).available())
                .contains(Technique.AUTO_CONVERGE);
    }

    @Test
    void post_copy_that_would_run_with_preemption_is_not_a_way_around_it() {
        HostCapabilities source = FREE.under(Map.of(Technique.POST_COPY_PREEMPT, "is forbidden"), MigrationLimits.NONE);

        assertThat(TechniqueAvailability.between(
                                source, new HostCapabilities("h2", QEMU, LIBVIRT, Map.of()), Vms.small())
                        .available())
                .doesNotContain(Technique.POST_COPY, Technique.POST_COPY_PREEMPT)
                .contains(Technique.PRE_POST_COPY);
    }

    @Test
    void an_older_host_driver_forbids_nothing() {
        HostCapabilities older = new HostCapabilities("h1", QEMU, LIBVIRT, null, Map.of(), null, null, null);

        assertThat(older).isEqualTo(FREE);
        assertThat(older.prohibition(Technique.POST_COPY)).isEmpty();
    }

    /** A vendor's QEMU may have what its release did not, and lack what its release had. */
    @Test
    void what_the_schema_lacks_counts_and_not_the_version() {
        HostCapabilities vendors = HostCapabilities.probed(
                "h1", Version.of(7, 0), Map.of(Technique.ZSTD, "needs multifd-compression zstd"), Map.of());

        assertThat(vendors.obstacle(Technique.POST_COPY_PREEMPT)).isEmpty();
        assertThat(vendors.obstacle(Technique.ZSTD)).contains("needs multifd-compression zstd");
        assertThat(vendors.by(LIBVIRT).obstacle(Technique.POST_COPY_PREEMPT)).isEmpty();
        assertThat(new HostCapabilities("h1", Version.of(7, 0), null, Map.of()).obstacle(Technique.POST_COPY_PREEMPT))
                .as("an older host driver does not tell what the schema lacks")
                .isPresent();
    }

    /** Before 9.4 libvirt compresses by compress threads, which QEMU 9.1 has removed. */
    @Test
    void zlib_by_an_old_libvirt_needs_a_qemu_with_compress_threads() {
        Version old = Version.of(9, 0);

        assertThat(new HostCapabilities("h1", Version.of(7, 2), old, Map.of()).obstacle(Technique.ZLIB))
                .isEmpty();
        assertThat(new HostCapabilities("h1", QEMU, old, Map.of()).obstacle(Technique.ZLIB))
                .contains(
                        "needs libvirt 9.4 or newer with this QEMU: older ones compress by compress threads, which it lacks");
        assertThat(new HostCapabilities("h1", QEMU, LIBVIRT, Map.of()).obstacle(Technique.ZLIB))
                .isEmpty();
    }
}
