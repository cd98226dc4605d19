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
        HostCapabilities older = new HostCapabilities("h1", QEMU, LIBVIRT, Map.of(), null, null, null);

        assertThat(older).isEqualTo(FREE);
        assertThat(older.prohibition(Technique.POST_COPY)).isEmpty();
    }
}
