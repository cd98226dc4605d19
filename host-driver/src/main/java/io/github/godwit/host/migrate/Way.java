package io.github.godwit.host.migrate;

import io.github.godwit.host.migrate.permit.PermittedTechniques;
import io.github.godwit.host.migrate.permit.VmTechniques;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.technique.TechniqueAvailability;
import java.net.URI;

/**
 * The way of a VM from this host to another one, as both are now.
 *
 * @param vm       the VM
 * @param here     this host
 * @param there    the other host
 * @param policies the policies and rules that hold now
 */
record Way(Vm vm, HostStatus here, HostStatus there, PolicySet policies) {

    /**
     * The way to a destination.
     *
     * @throws HostDriverException      when the destination does not answer
     * @throws IllegalArgumentException when the destination is this host
     */
    static Way of(MigrationParts parts, Vm vm, URI destination) {
        HostStatus here = parts.host().get();
        HostStatus there = parts.peers().apply(destination).host();
        if (there.profile().name().equals(here.profile().name())) {
            throw new IllegalArgumentException("VM '%s' is on host '%s' already. Choose another destination."
                    .formatted(vm.name(), here.profile().name()));
        }
        return new Way(vm, here, there, parts.policies().get());
    }

    /** The techniques that can migrate the VM there. */
    TechniqueAvailability techniques() {
        VmProfile unmeasured = VmProfile.unmeasured(vm.running().definition());
        return PermittedTechniques.between(
                VmTechniques.available(vm, unmeasured, here, there), here, there, policies, vm.project());
    }
}
