package io.github.godwit.host.load;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Says how a VM of this host is now.
 *
 * @param host       the host's name
 * @param use        CPU and memory of the VMs
 * @param states     their run states
 * @param traffic    what goes over a VM's taps, by its name
 * @param migrations id of the migration that a VM is in
 */
public record VmReport(
        String host,
        VmUse use,
        VmStates states,
        Function<String, Traffic> traffic,
        Function<Vm, Optional<String>> migrations) {

    /** All VMs as they are now. */
    public List<VmStatus> of(List<? extends Vm> vms) {
        List<String> now = states.of(vms);
        List<VmStatus> reports = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            reports.add(of(vms.get(i), now.get(i)));
        }
        return reports;
    }

    /** The VM as it is now; asks its QEMU for the run state only. */
    public VmStatus of(Vm vm) {
        return of(vm, states.of(vm));
    }

    private VmStatus of(Vm vm, String state) {
        long pid = vm.running().pid();
        return new VmStatus(
                vm.name(),
                host,
                state,
                vm.running().definition(),
                pid,
                use.cores(pid),
                use.resident(pid),
                traffic.apply(vm.name()),
                migrations.apply(vm).orElse(null));
    }
}
