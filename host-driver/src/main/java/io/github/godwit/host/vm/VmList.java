package io.github.godwit.host.vm;

import io.github.godwit.host.common.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The VMs of this host. */
public interface VmList {

    /** The VM of this name; empty if there is none, or if its QEMU has ended. */
    Optional<? extends Vm> find(String name);

    /**
     * Whether a VM of this name arrives or leaves now, whoever ordered that. It need not be in the list.
     *
     * @throws IOException if the hypervisor does not answer
     */
    default boolean inMigration(String name) throws IOException {
        Optional<? extends Vm> vm = find(name);
        return vm.isPresent() && vm.get().inMigration();
    }

    /** All VMs whose QEMU is running, ordered by name. */
    List<? extends Vm> all();

    /** Process ids of QEMUs that receive a VM which is not in the list yet. */
    default Set<Long> arriving() {
        return Set.of();
    }

    /**
     * Process id of the QEMU of a VM, also of one that arrives and is not in the list yet.
     *
     * @throws Refusal if there is none
     */
    default long pid(String name) {
        return get(name).running().pid();
    }

    /**
     * The VM of this name.
     *
     * @throws Refusal if there is none
     */
    default Vm get(String name) {
        return find(name).orElseThrow(() -> noSuchVm(name));
    }

    /** The refusal of a request for a VM that is not on this host. */
    static Refusal noSuchVm(String name) {
        return Refusal.unknown("There is no VM '%s' on this host. GET /v1/vms lists its VMs.".formatted(name));
    }
}
