package io.github.godwit.host.driver;

import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.technique.HostCapabilities;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Who starts, moves and ends the VMs of this host: this agent itself, or Nova by way of libvirt. */
interface Hypervisor extends AutoCloseable {

    /** The VMs. */
    VmList vms();

    /** The same list where this agent starts and ends VMs itself. */
    Optional<VmInventory> inventory();

    /**
     * What the host can do.
     *
     * @param qemu what its QEMU can
     */
    HostCapabilities capabilities(HostCapabilities qemu) throws IOException;

    /** Makes ready to move VMs; called once. */
    Movement movement(MigrationParts parts, HostCapabilities capabilities, String address) throws IOException;

    /** Lets go of the VMs; they go on. */
    @Override
    void close();

    /**
     * How VMs leave and come.
     *
     * @param migrations those that leave
     * @param arrivals   those that come
     * @param chores     what is to be called every two seconds
     * @param end        ends it
     */
    record Movement(MigrationService migrations, Arrivals arrivals, List<Runnable> chores, Runnable end) {}
}
