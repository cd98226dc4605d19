package io.github.godwit.host.migrate.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.when;

import io.github.godwit.host.vm.FakeVms;
import io.github.godwit.host.vm.RunningVm;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmLimits;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostStatusBuilder;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.RunningQemu;
import io.github.godwit.model.technique.ServerTrait;
import io.github.godwit.model.technique.ServerTraits;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.model.unit.Version;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What rules out techniques for one VM between two hosts with the newest software. */
class VmTechniquesTest {

    private static final Version QEMU = new Version(10, 0, 2);
    private static final VmDefinition DEFINITION =
            new VmDefinition("vm", MemorySize.parse("256M"), 1, "libvirt", "", Accelerator.KVM, 0);

    private static HostStatus host(String name, double memoryLoad) {
        return HostStatusBuilder.of(
                        new HostProfile(
                                name, 4, 0, MemorySize.parse("8G"), memoryLoad, Bandwidth.parse("1gbit"), Traffic.NONE),
                        new HostCapabilities(name, QEMU, Version.of(11, 3), Map.of())
                                .reserving(MemorySize.ofMebibytes(512)),
                        "127.0.0.1")
                .build();
    }

    private static Vm vm(VmLimits limits) {
        Vm vm = FakeVms.vm(new RunningVm(DEFINITION, 1, Path.of("/")));
        when(vm.limits()).thenReturn(limits);
        return vm;
    }

    private static TechniqueAvailability available(VmLimits limits, HostStatus here, HostStatus there) {
        return VmTechniques.available(vm(limits), VmProfile.unmeasured(DEFINITION), here, there);
    }

    @Test
    void anOrdinaryVmUsesWhatBothHostsSupport() {
        assertThat(available(VmLimits.NONE, host("h1", 0), host("h2", 0)).available())
                .contains(Technique.PRE_COPY, Technique.POST_COPY_PREEMPT, Technique.MULTIFD, Technique.XBZRLE);
    }

    @Test
    void itsMemoryRulesOutPostCopy() {
        VmLimits vpmem =
                new VmLimits(0, null, new ServerTraits(Map.of(ServerTrait.PERSISTENT_MEMORY, "nvdimm"), List.of()));

        TechniqueAvailability availability = available(vpmem, host("h1", 0), host("h2", 0));

        assertThat(availability.available())
                .contains(Technique.PRE_COPY, Technique.MULTIFD)
                .noneMatch(Technique::isPostCopy);
        assertThat(availability.unavailable().get(Technique.POST_COPY_PREEMPT))
                .startsWith("cannot migrate this server: it has persistent memory");
    }

    @Test
    void aVmThatQemuDoesNotMigrateHasNoTechniqueAndSaysWhy() {
        VmLimits blocked = new VmLimits(0, null, new ServerTraits(Map.of(), List.of("VFIO")));

        TechniqueAvailability availability = available(blocked, host("h1", 0), host("h2", 0));

        assertThat(availability.available()).isEmpty();
        assertThat(availability.unavailable())
                .containsEntry(Technique.PRE_COPY, "cannot migrate this server: QEMU reports: VFIO");
    }

    @Test
    void itsOwnQemuCountsOnTheSource() {
        VmLimits older = new VmLimits(
                0, new RunningQemu(Version.of(7, 0), Set.of("xbzrle", "postcopy-ram", "multifd")), ServerTraits.NONE);

        assertThat(available(older, host("h1", 0), host("h2", 0)).available())
                .contains(Technique.POST_COPY, Technique.MULTIFD)
                .doesNotContain(Technique.POST_COPY_PREEMPT, Technique.AUTO_CONVERGE);
    }

    /** 5 % of 8 GiB are 410 MiB, less than the 512 MiB that are kept. */
    @Test
    void aFullHostHasNoMemoryForBuffers() {
        TechniqueAvailability full = available(VmLimits.NONE, host("h1", 0), host("h2", 0.95));

        assertThat(full.unavailable().get(Technique.MULTIFD)).startsWith("needs 1.0 MiB for its buffers on h2");
        assertThat(full.available()).contains(Technique.PRE_COPY, Technique.POST_COPY_PREEMPT);
        assertThat(available(VmLimits.NONE, host("h1", 0.95), host("h2", 0))
                        .unavailable()
                        .get(Technique.XBZRLE))
                .startsWith("needs 64.4 MiB for its buffers on h1");
    }
}
