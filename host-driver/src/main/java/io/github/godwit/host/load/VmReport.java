package io.github.godwit.host.load;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.api.VmStatus;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says how a VM of this host is now.
 *
 * @param host       the host's name
 * @param use        CPU and memory of the VMs
 * @param traffic    what goes over a VM's taps, by its name
 * @param migrations id of the migration that a VM is in
 */
public record VmReport(
        String host, VmUse use, Function<String, Traffic> traffic, Function<Vm, Optional<String>> migrations) {

    /** The VM as it is now; asks its QEMU for the run state only. */
    public VmStatus of(Vm vm) {
        long pid = vm.running().pid();
        return new VmStatus(
                vm.name(),
                host,
                vm.state(),
                vm.running().definition(),
                pid,
                use.cores(pid),
                use.resident(pid),
                traffic.apply(vm.name()),
                migrations.apply(vm).orElse(null));
    }
}
