package io.github.godwit.host.driver;

import io.github.godwit.host.common.Refusal;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.Arrivals;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.probe.QemuAccount;
import io.github.godwit.host.rest.SwitchResource;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.HostSwitch;
import io.github.godwit.model.technique.HostCapabilities;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What starts, migrates and stops the VMs of this host: the host driver itself on plain QEMU, or Nova through libvirt. */
interface Hypervisor extends SwitchResource.Switch, AutoCloseable {

    /** The VMs of this host. */
    VmList vms();

    /** The same VMs if the host driver starts and stops them itself; otherwise empty. */
    Optional<VmInventory> inventory();

    /** Sets of which VMs libvirt's connection to the monitor may be used to find out what rules out their migration. */
    default void askOnly(Predicate<Vm> which) {}

    /** The name of the flavor of a VM; empty if it has none, or if it is not known. */
    default Optional<String> flavor(String vm) {
        return Optional.empty();
    }

    /**
     * The capabilities of the host's software.
     *
     * @param qemu the capabilities of its QEMU
     * @throws IOException if libvirt does not answer
     */
    HostCapabilities capabilities(HostCapabilities qemu) throws IOException;

    /** The user as which QEMU runs VMs, as last read; empty for the user of this program. May ask libvirt, so it is called now and then. */
    default Optional<QemuAccount> account() {
        return Optional.empty();
    }

    /** The same capabilities under what the operator of this host permits now. */
    default HostCapabilities permitted(HostCapabilities software) {
        return software;
    }

    /** The status of this host, with what is known about its migrations. */
    default HostStatus described(HostStatus host) {
        return host;
    }

    /** Why Godwit only observes the migrations from this host, as a sentence; empty if it does not. */
    default Optional<String> observes() {
        return Optional.empty();
    }

    @Override
    default HostSwitch hostSwitch() {
        return HostSwitch.ON;
    }

    @Override
    default HostSwitch turn(HostSwitch position) throws IOException {
        throw Refusal.conflict(
                "This host driver migrates its VMs itself, so that there is nothing to switch off. Cancel migrations, or stop it.");
    }

    /**
     * Starts what migrates VMs; called once.
     *
     * @param address IP address at which this host receives migrations
     * @param metrics counts what happens
     * @param trail   gets what nova-compute is advised
     * @throws IOException if the socket for nova-compute cannot be opened
     */
    Movement movement(
            MigrationParts parts, HostCapabilities capabilities, String address, HostMetrics metrics, HostTrail trail)
            throws IOException;

    /** Closes the connections to the VMs, which continue to run. */
    @Override
    void close();

    /**
     * The migrations of this host in both directions.
     *
     * @param migrations migrations away from this host
     * @param arrivals   migrations to this host
     * @param chores     tasks to run every two seconds
     * @param end        stops migrations away from this host
     */
    record Movement(MigrationService migrations, Arrivals arrivals, List<Runnable> chores, Runnable end) {}
}
