package io.github.godwit.host.load;

import io.github.godwit.host.metrics.NetworkCounters;
import io.github.godwit.host.nic.MigrationRoute;
import io.github.godwit.host.nic.NetDevices;
import io.github.godwit.host.nic.NetDevices.Kind;
import io.github.godwit.host.nic.NetworkTracker;
import io.github.godwit.host.vm.VmList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The counters of the kernel's interfaces that are there now. There are as many NICs as the host has of hardware, without virtual functions,
 * and a few more that migrations use, such as bonds.
 *
 * @param vms     the VMs of this host
 * @param tracker reads the counters
 * @param devices the devices of this host
 * @param route   knows the NICs that migrations use
 */
public record TrackedCounters(VmList vms, NetworkTracker tracker, NetDevices devices, MigrationRoute route)
        implements NetworkCounters {

    @Override
    public List<Count> ofNics() {
        Set<String> names = new TreeSet<>();
        devices.all().stream()
                .filter(name -> devices.kind(name) == Kind.HARDWARE && !devices.isVirtualFunction(name))
                .forEach(names::add);
        route.known().forEach(nic -> names.addAll(nic.carriers()));
        return names.stream()
                .flatMap(name -> count(name, tracker.counters(name)))
                .toList();
    }

    @Override
    public List<Count> ofVms() {
        return vms.all().stream()
                .flatMap(vm -> count(vm.name(), tracker.vmCounters(vm.taps())))
                .toList();
    }

    private static Stream<Count> count(String name, Optional<NetworkTracker.Counters> counters) {
        return counters.map(found -> new Count(name, found.in(), found.out())).stream();
    }
}
