package io.github.godwit.host.vm;

import io.github.godwit.host.common.Refusal;
import java.util.List;
import java.util.Optional;

/** The VMs of this host. */
public interface VmList {

    /** The VM of this name, if its QEMU runs. */
    Optional<? extends Vm> find(String name);

    /** All VMs whose QEMU runs, by name. */
    List<? extends Vm> all();

    /**
     * The VM of this name.
     *
     * @throws Refusal when there is none
     */
    default Vm get(String name) {
        return find(name).orElseThrow(() -> noSuchVm(name));
    }

    /** What one is told who asks for a VM that is not here. */
    static Refusal noSuchVm(String name) {
        return Refusal.unknown("There is no VM '%s' on this host. GET /v1/vms lists those there are.".formatted(name));
    }
}
