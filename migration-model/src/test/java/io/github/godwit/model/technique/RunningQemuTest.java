package io.github.godwit.model.technique;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.Vms;
import io.github.godwit.model.unit.Version;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A server that was started before its host's QEMU was upgraded to 10.0. */
class RunningQemuTest {

    private static final Version NEW = new Version(10, 0, 2);
    private static final Version LIBVIRT = Version.of(11, 3);
    private static final HostCapabilities SOURCE = new HostCapabilities("h1", NEW, LIBVIRT, Map.of());
    private static final HostCapabilities DESTINATION = new HostCapabilities("h2", NEW, LIBVIRT, Map.of());

    /** The capabilities of QEMU 7.0 that matter here. */
    private static final Set<String> OF_7_0 =
            Set.of("xbzrle", "auto-converge", "compress", "postcopy-ram", "multifd", "events", "return-path");

    private static TechniqueAvailability withQemu(RunningQemu running) {
        return TechniqueAvailability.between(SOURCE, DESTINATION, Vms.withDirtyRing(), running);
    }

    @Test
    void theRunningQemuDecidesOnTheSource() {
        TechniqueAvailability availability = withQemu(new RunningQemu(Version.of(7, 0), OF_7_0));

        assertThat(availability.unavailable())
                .containsEntry(
                        Technique.POST_COPY_PREEMPT, "needs QEMU 7.1 or newer: that release added postcopy-preempt")
                .containsEntry(Technique.DIRTY_LIMIT, "needs QEMU 8.1 or newer: that release added dirty-limit");
    }

    /** libvirt turns preemption on only where both QEMUs have it. */
    @Test
    void withoutPreemptionInTheRunningQemuPlainPostCopyIsPossible() {
        assertThat(withQemu(null).available()).doesNotContain(Technique.POST_COPY);

        assertThat(withQemu(new RunningQemu(Version.of(7, 0), OF_7_0)).available())
                .contains(Technique.POST_COPY, Technique.MULTIFD, Technique.ZSTD);
    }

    @Test
    void aCapabilityThatItsVersionShouldHaveAndItsBuildHasNotIsMissed() {
        Set<String> noMultifd = new LinkedHashSet<>(OF_7_0);
        noMultifd.remove("multifd");

        assertThat(withQemu(new RunningQemu(Version.of(7, 0), noMultifd)).unavailable())
                .containsEntry(Technique.MULTIFD, "needs multifd, which the QEMU of this server does not have");
    }

    /** Both have both capabilities; only the release tells that the newer one refuses the combination. */
    @Test
    void theReleaseTellsWhatCannotBeCombined() {
        HostCapabilities threads = new HostCapabilities("h2", Version.of(8, 1), null, Map.of());
        HostCapabilities installed = new HostCapabilities("h1", Version.of(8, 1), null, Map.of());

        assertThat(TechniqueAvailability.between(
                                installed, threads, Vms.small(), new RunningQemu(Version.of(8, 0), OF_7_0))
                        .available())
                .contains(Technique.XBZRLE_ZLIB, Technique.ZLIB_ASYNC);
        assertThat(TechniqueAvailability.between(
                                installed, threads, Vms.small(), new RunningQemu(Version.of(9, 0), OF_7_0))
                        .unavailable())
                .containsEntry(Technique.XBZRLE_ZLIB, "needs QEMU 8.1 or older: 8.2 refuses compress with xbzrle")
                .containsEntry(
                        Technique.MULTIFD_POST_COPY,
                        "needs QEMU 10.1 or newer: that release added multifd with post-copy")
                .doesNotContainKey(Technique.ZLIB_ASYNC);
    }

    /** Capabilities do not show it. */
    @Test
    void howTheInstalledQemuWasBuiltCountsForTheRunningOne() {
        HostCapabilities withoutZstd = HostCapabilities.probed(
                        "h1", NEW, Map.of(Technique.ZSTD, "needs multifd-compression zstd"), Map.of())
                .by(LIBVIRT);

        TechniqueAvailability availability = TechniqueAvailability.between(
                withoutZstd, DESTINATION, Vms.small(), new RunningQemu(Version.of(7, 0), OF_7_0));

        assertThat(availability.unavailable()).containsEntry(Technique.ZSTD, "needs multifd-compression zstd");
        assertThat(availability.available()).contains(Technique.ZLIB);
    }

    @Test
    void aQemuThatCannotBeAskedMigratesByWhatEveryQemuHas() {
        TechniqueAvailability availability = withQemu(RunningQemu.UNKNOWN);

        assertThat(availability.available())
                .containsExactly(Technique.PRE_COPY, Technique.AUTO_CONVERGE, Technique.XBZRLE, Technique.MULTIFD);
        assertThat(availability.unavailable().get(Technique.POST_COPY_PREEMPT)).contains("could not be asked");
    }
}
