package io.github.godwit.host.load;

import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmLimits;
import io.github.godwit.host.vm.VmStates;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reports the current state of the VMs of this host.
 *
 * @param host       name of the host
 * @param use        CPU and memory use of the VMs
 * @param states     run states of the VMs
 * @param traffic    traffic of a VM's taps, as the VM sees it
 * @param forecasts  traffic of a VM that is expected, by its name
 * @param migrations id of the migration that a VM is part of, if any
 * @param profiling  how a VM is profiled, or why it is not
 */
public record VmReport(
        String host,
        VmUse use,
        VmStates states,
        Function<? super Vm, Traffic> traffic,
        Function<String, Optional<Traffic>> forecasts,
        Function<Vm, Optional<String>> migrations,
        Function<Vm, String> profiling) {

    /** The current state of several VMs, in their order. */
    public List<VmStatus> of(List<? extends Vm> vms) {
        List<String> now = states.of(vms);
        List<VmStatus> reports = new ArrayList<>();
        for (int i = 0; i < now.size(); i++) {
            reports.add(of(vms.get(i), now.get(i)));
        }
        return reports;
    }

    /** The current state of a VM; only its run state is queried from QEMU. */
    public VmStatus of(Vm vm) {
        return of(vm, states.of(vm));
    }

    private VmStatus of(Vm vm, String state) {
        long pid = vm.running().pid();
        VmLimits limits = vm.limits();
        return new VmStatus(
                vm.name(),
                host,
                state,
                vm.running().definition().withDiskBytes(limits.diskBytes()),
                pid,
                use.cores(pid),
                use.resident(pid),
                traffic.apply(vm),
                migrations.apply(vm).orElse(null),
                profiling.apply(vm),
                limits.traits().excluded(),
                limits.traits().immovable().orElse(null),
                null,
                forecasts.apply(vm.name()).orElse(null));
    }
}
