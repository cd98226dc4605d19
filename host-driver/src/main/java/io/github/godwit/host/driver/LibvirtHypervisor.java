package io.github.godwit.host.driver;

import io.github.godwit.host.libvirt.DomainEvents;
import io.github.godwit.host.libvirt.LibvirtConnection;
import io.github.godwit.host.libvirt.LibvirtJobs;
import io.github.godwit.host.libvirt.LibvirtVms;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.nova.ComputeSocket;
import io.github.godwit.host.nova.NovaMigrationAdvisor;
import io.github.godwit.host.nova.ReservedArrivals;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nova's VMs, by way of libvirt: nova-compute asks this agent how each is to be migrated. */
public final class LibvirtHypervisor implements Hypervisor {

    private final Config config;
    private final DomainEvents events = new DomainEvents();
    private final LibvirtConnection libvirt;
    private final LibvirtVms vms;

    /**
     * How it is set up.
     *
     * @param uri    libvirt's, for example {@code qemu:///system}
     * @param socket Unix socket that nova-compute speaks to
     * @param users  names of the users that may
     * @param terms  how migrations that nobody has planned are decided
     */
    public record Config(String uri, Path socket, Set<String> users, NovaMigrationAdvisor.Terms terms) {}

    /**
     * @throws IOException when libvirt is not there or does not answer
     */
    LibvirtHypervisor(Config config) throws IOException {
        this.config = config;
        libvirt = LibvirtConnection.open(config.uri(), events);
        vms = new LibvirtVms(libvirt);
        vms.refresh();
    }

    @Override
    public VmList vms() {
        return vms;
    }

    @Override
    public Optional<VmInventory> inventory() {
        return Optional.empty();
    }

    @Override
    public HostCapabilities capabilities(HostCapabilities qemu) throws IOException {
        return new HostCapabilities(qemu.host(), qemu.qemu(), libvirt.version(), qemu.refused());
    }

    @Override
    public Movement movement(MigrationParts parts, HostCapabilities capabilities, String address) throws IOException {
        Version version = capabilities.libvirt();
        NovaMigrationAdvisor desk = new NovaMigrationAdvisor(
                parts,
                new LibvirtJobs(libvirt, events),
                version,
                config.terms(),
                NovaMigrationAdvisor.Patience.DEFAULT);
        ReservedArrivals arrivals = new ReservedArrivals(vms, parts.traffic(), address);
        ComputeSocket socket = new ComputeSocket(config.socket(), config.users(), desk);
        return new Movement(
                desk.migrations(),
                arrivals,
                List.of(
                        vms::refresh,
                        arrivals::applyLeases,
                        () -> parts.profiles().refreshOne(vms)),
                () -> {
                    socket.close();
                    desk.close();
                });
    }

    @Override
    public void close() {
        vms.close();
        libvirt.close();
    }
}
