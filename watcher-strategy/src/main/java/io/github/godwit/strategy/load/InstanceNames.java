package io.github.godwit.strategy.load;

import io.github.godwit.hostapi.VmStatus;
import java.util.Collection;
import java.util.Map;

/** The names of the libvirt domains of VMs. */
@FunctionalInterface
public interface InstanceNames {

    /** No VM has a domain of another name. */
    InstanceNames NONE = vms -> Map.of();

    /** Returns the domains of these VMs, and maybe of others, by the name of the VM, as far as they are known. */
    Map<String, String> of(Collection<VmStatus> vms);
}
