package io.github.godwit.host.load;

import io.github.godwit.host.load.MigrationNics.NicLoad;
import io.github.godwit.host.metrics.NetworkCounters;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a host driver knows about the load of its network.
 *
 * @param nics     rates and traffic of the NICs that migrations use
 * @param taps     traffic of a VM's taps together, as the VM sees it
 * @param counters counts the bytes of NICs and VMs, the latter from the list of those that there are
 * @param sockets  reads the connections of QEMUs
 * @param carriers the devices that carry the traffic of migrations, as far as there were any
 */
public record NetworkLoad(
        MigrationNics nics,
        Function<Vm, Traffic> taps,
        Function<VmList, NetworkCounters> counters,
        QemuSockets sockets,
        Supplier<Set<String>> carriers) {

    /**
     * The traffic of applications on the usual NIC.
     *
     * @param migrations the traffic of migrations, if it is known
     */
    public Traffic applications(Optional<Traffic> migrations) {
        return nics.towards(Optional.empty()).traffic().minus(migrations.orElse(Traffic.NONE));
    }

    /** A network without traffic, of which only the rate is known. */
    public static NetworkLoad idle(Bandwidth link) {
        QemuSockets unknown = new QemuSockets(Path.of("/proc"), words -> {
            throw new IOException("There is no traffic.");
        });
        return new NetworkLoad(
                peer -> new NicLoad(null, link, Traffic.NONE),
                vm -> Traffic.NONE,
                vms -> NetworkCounters.NONE,
                unknown,
                Set::of);
    }
}
