package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.Vms;
import io.github.godwit.model.unit.Version;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which releases of QEMU and libvirt can run which techniques. */
class TechniqueAvailabilityTest {

    private static final Version QEMU_10 = new Version(10, 0, 2);

    @Test
    void on_qemu_10_delta_with_zlib_is_unavailable_with_the_reason() {
        TechniqueAvailability availability =
                TechniqueAvailability.between(host("h1", QEMU_10), host("h2", QEMU_10), Vms.small());

        assertThat(availability.unavailable())
                .containsEntry(Technique.XBZRLE_ZLIB, "needs QEMU 8.1 or older: compress threads were removed in 9.1");
    }

    @Test
    void qemu_10_0_runs_all_but_those_that_need_compress_threads_and_multifd_before_post_copy() {
        TechniqueAvailability availability =
                TechniqueAvailability.between(host("h1", QEMU_10), host("h2", QEMU_10), Vms.withDirtyRing());

        assertThat(availability.unavailable())
                .containsOnlyKeys(
                        Technique.XBZRLE_ZLIB,
                        Technique.ZLIB_ASYNC,
                        Technique.XBZRLE_ZLIB_ASYNC,
                        Technique.MULTIFD_POST_COPY,
                        Technique.SCATTER_GATHER);
    }

    @Test
    void pages_wait_only_on_intermediaries_that_both_hosts_know() {
        HostCapabilities first = host("h1", QEMU_10).scatteringTo(offers("10.0.0.8:6379", "10.0.0.9:6379"));
        HostCapabilities second = host("h2", QEMU_10).scatteringTo(offers("10.0.0.9:6379"));
        HostCapabilities other = host("h2", QEMU_10).scatteringTo(offers("10.0.0.7:6379"));

        assertThat(TechniqueAvailability.between(first, second, Vms.small()).available())
                .contains(Technique.SCATTER_GATHER);
        assertThat(TechniqueAvailability.between(first, other, Vms.small()).unavailable())
                .hasEntrySatisfying(
                        Technique.SCATTER_GATHER,
                        reason -> assertThat(reason).startsWith("needs intermediaries that both hosts know"));
        assertThat(TechniqueAvailability.between(first.by(Version.of(11, 3)), second, Vms.small())
                        .unavailable())
                .hasEntrySatisfying(
                        Technique.SCATTER_GATHER, reason -> assertThat(reason).startsWith("needs plain QEMU"));
    }

    @Test
    void the_older_of_two_hosts_decides() {
        TechniqueAvailability availability =
                TechniqueAvailability.between(host("h1", QEMU_10), host("h2", Version.of(7, 0)), Vms.withDirtyRing());

        assertThat(availability.unavailable())
                .containsEntry(
                        Technique.POST_COPY_PREEMPT, "needs QEMU 7.1 or newer: that release added postcopy-preempt");
        assertThat(availability.unavailable())
                .containsEntry(Technique.DIRTY_LIMIT, "needs QEMU 8.1 or newer: that release added dirty-limit");
    }

    @Test
    void what_a_probe_was_refused_is_unavailable_in_qemus_own_words() {
        HostCapabilities noUserfault =
                new HostCapabilities("h2", QEMU_10, null, Map.of(Technique.POST_COPY, "Postcopy is not supported"));

        TechniqueAvailability availability =
                TechniqueAvailability.between(host("h1", QEMU_10), noUserfault, Vms.small());

        assertThat(availability.unavailable())
                .containsEntry(Technique.POST_COPY, "QEMU 10.0.2 on h2 refuses it: Postcopy is not supported");
        assertThat(availability.available()).contains(Technique.PRE_COPY).doesNotContain(Technique.POST_COPY);
    }

    @Test
    void dirty_limit_needs_a_vm_with_a_dirty_ring() {
        assertThat(TechniqueAvailability.between(host("h1", QEMU_10), host("h2", QEMU_10), Vms.small())
                        .unavailable()
                        .get(Technique.DIRTY_LIMIT))
                .contains("dirty ring");
    }

    @ParameterizedTest
    @CsvSource({
        "8.1.2, DCdlt-DCZlib,       true",
        "8.2.0, DCdlt-DCZlib,       false",
        "9.0.4, DCdlt-DCZlib-Async, false",
        "9.0.4, DCZlib-Async,       true",
        "9.1.0, DCZlib-Async,       false",
        "9.1.0, DCZlib,             true",
        "6.2.0, DCZstd,             true",
        "6.2.0, MULTIFD,            true",
        "8.0.0, DIRTY-LIMIT,        false",
        "8.1.0, DIRTY-LIMIT,        true",
        "7.0.0, POST-PREEMPT,       false",
        "7.1.0, POST-PREEMPT,       true",
        "10.0.2, MULTIFD-POST,      false",
        "10.1.0, MULTIFD-POST,      true",
    })
    void each_version_of_qemu_has_its_techniques(String version, String technique, boolean available) {
        assertThat(QemuSettings.missingIn(Technique.parse(technique), Version.parse(version))
                        .isEmpty())
                .isEqualTo(available);
    }

    @Test
    void post_copy_by_a_libvirt_that_always_preempts_is_post_copy_with_preemption() {
        HostCapabilities newer = onLibvirt("h1", new Version(11, 3, 0), Map.of());
        HostCapabilities older = onLibvirt("h2", new Version(9, 10, 0), Map.of());
        HostCapabilities without =
                onLibvirt("h3", new Version(11, 3, 0), Map.of(Technique.POST_COPY_PREEMPT, "no userfaultfd"));

        TechniqueAvailability preempts = TechniqueAvailability.between(newer, newer, Vms.small());
        assertThat(preempts.available()).contains(Technique.POST_COPY_PREEMPT).doesNotContain(Technique.POST_COPY);
        assertThat(preempts.unavailable().get(Technique.POST_COPY)).startsWith("is POST-PREEMPT here");

        for (HostCapabilities other : List.of(older, without)) {
            assertThat(TechniqueAvailability.between(newer, other, Vms.small()).available())
                    .contains(Technique.POST_COPY)
                    .doesNotContain(Technique.POST_COPY_PREEMPT);
        }
    }

    private static HostCapabilities onLibvirt(String name, Version libvirt, Map<Technique, String> refused) {
        return new HostCapabilities(name, QEMU_10, libvirt, refused);
    }

    @Test
    void zlib_is_multifd_by_qemu_and_new_libvirt_and_compress_threads_by_old_libvirt() {
        QemuSettings byQemu = QemuSettings.of(Technique.ZLIB, MigrationTuning.DEFAULT);
        LibvirtSettings byOld = LibvirtSettings.of(Technique.ZLIB, Version.of(9, 0), MigrationTuning.DEFAULT);

        assertThat(byQemu.capabilities()).containsExactly("multifd");
        assertThat(byQemu.parameters()).containsEntry("multifd-compression", "zlib");
        assertThat(byOld.flags()).containsExactly("VIR_MIGRATE_COMPRESSED");
        assertThat(byOld.typedParameters()).containsEntry("compression", "mt");
    }

    @Test
    void delta_with_zlib_async_turns_on_both_and_does_not_wait() {
        QemuSettings settings = QemuSettings.of(Technique.XBZRLE_ZLIB_ASYNC, MigrationTuning.DEFAULT);

        assertThat(settings.capabilities()).containsExactlyInAnyOrder("compress", "xbzrle");
        assertThat(settings.parameters())
                .containsEntry("compress-wait-thread", false)
                .containsEntry("xbzrle-cache-size", 64L << 20);
    }

    @Test
    void libvirt_says_zstd_over_parallel_connections() {
        LibvirtSettings settings = LibvirtSettings.of(Technique.ZSTD, new Version(11, 3, 0), MigrationTuning.DEFAULT);

        assertThat(settings.flags()).containsExactlyInAnyOrder("VIR_MIGRATE_PARALLEL", "VIR_MIGRATE_COMPRESSED");
        assertThat(settings.typedParameters())
                .containsEntry("compression", "zstd")
                .containsEntry("parallel.connections", 2);
        assertThat(settings.monitorParameters()).isEmpty();
    }

    @Test
    void what_libvirt_has_no_word_for_goes_through_the_monitor() {
        LibvirtSettings dirtyLimit =
                LibvirtSettings.of(Technique.DIRTY_LIMIT, new Version(11, 3, 0), MigrationTuning.DEFAULT);
        LibvirtSettings async = LibvirtSettings.of(Technique.ZLIB_ASYNC, Version.of(9, 0), MigrationTuning.DEFAULT);

        assertThat(dirtyLimit.monitorCapabilities()).containsExactly("dirty-limit");
        assertThat(async.monitorParameters()).containsEntry("compress-wait-thread", false);
    }

    @Test
    void an_old_libvirt_limits_what_a_new_qemu_could_do() {
        HostCapabilities host = new HostCapabilities("h1", QEMU_10, Version.of(9, 0), Map.of());

        assertThat(host.obstacle(Technique.ZSTD))
                .contains("needs libvirt 9.4 or newer: that release added zstd over parallel connections");
        assertThat(host.obstacle(Technique.POST_COPY)).isEmpty();
    }

    @Test
    void an_unknown_technique_is_an_error_that_lists_all() {
        assertThatThrownBy(() -> Technique.parse("WARP"))
                .hasMessageContaining("There is no technique 'WARP'")
                .hasMessageContaining("DCdlt-DCZlib-Async");
        assertThat(Technique.parse("pre_post")).isEqualTo(Technique.PRE_POST_COPY);
    }

    private static HostCapabilities host(String name, Version qemu) {
        return new HostCapabilities(name, qemu, null, Map.of());
    }

    private static List<IntermediaryOffer> offers(String... names) {
        return Arrays.stream(names)
                .map(name -> new IntermediaryOffer(name, null))
                .toList();
    }
}
