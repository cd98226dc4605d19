package io.github.godwit.host.migrate.permit;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmLimits;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.TechniqueRefusal;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.MigrationMemory;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.util.List;
import java.util.Set;

/**
 * The techniques that two hosts can run for one VM: by their software and the source's operator, by the QEMU that the VM itself runs with,
 * by its devices and memory, by the memory that both hosts have for QEMU's buffers, and by what libvirt refused lately. Pure.
 */
public final class VmTechniques {

    private VmTechniques() {}

    /**
     * The techniques.
     *
     * @param vm      the VM
     * @param profile its profile, or an unmeasured one
     * @param here    the host that it is on
     * @param there   the host that it goes to
     */
    public static TechniqueAvailability available(Vm vm, VmProfile profile, HostStatus here, HostStatus there) {
        VmLimits limits = vm.limits();
        HostCapabilities source = here.capabilities();
        // XBZRLE's cache is never made smaller than this one.
        MigrationTuning smallest = source.limits().applyTo(MigrationTuning.DEFAULT);
        TechniqueAvailability able = TechniqueAvailability.between(
                        source, there.capabilities(), profile, limits.running())
                .without(limits.traits().excluded())
                .without(MigrationMemory.shortages(smallest, memory(here), memory(there)));
        return withoutRefused(able, here.refusals(), there.profile().name());
    }

    private static TechniqueAvailability withoutRefused(
            TechniqueAvailability able, List<TechniqueRefusal> refusals, String destination) {
        TechniqueAvailability left = able;
        for (TechniqueRefusal refusal : refusals) {
            if (refusal.destination().equals(destination)) {
                left = left.without(
                        Set.of(refusal.technique()),
                        "was refused by libvirt at %s on the way to %s: %s. It is used there again after %s"
                                .formatted(refusal.refusedAt(), destination, refusal.words(), refusal.until()));
            }
        }
        return left;
    }

    private static MigrationMemory.Host memory(HostStatus host) {
        return new MigrationMemory.Host(host.profile(), host.capabilities().reservedMemory());
    }
}
