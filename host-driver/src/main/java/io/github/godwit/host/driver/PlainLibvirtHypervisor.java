package io.github.godwit.host.driver;

import io.github.godwit.host.libvirt.DomainEvents;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.EmulatorUser;
import io.github.godwit.host.libvirt.LibvirtConnection;
import io.github.godwit.host.libvirt.LibvirtJobs;
import io.github.godwit.host.libvirt.LibvirtVms;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.migrate.libvirt.LibvirtArrivals;
import io.github.godwit.host.migrate.libvirt.LibvirtEngine;
import io.github.godwit.host.migrate.libvirt.LibvirtPeers;
import io.github.godwit.host.migrate.libvirt.UnfinishedMigrations;
import io.github.godwit.host.migrate.libvirt.UnfinishedRecoveries;
import io.github.godwit.host.migrate.steps.SteppedMigrationDriver;
import io.github.godwit.host.nova.reserve.ReservedArrivals;
import io.github.godwit.host.probe.QemuAccount;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.host.vm.GuestHeartbeats;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.technique.HostCapabilities;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Domains of libvirt where no Nova is: somebody else starts them, and the host driver has libvirt migrate them. */
public final class PlainLibvirtHypervisor implements Hypervisor {

    private final Config config;
    private final Path state;
    private final DomainEvents events = new DomainEvents();
    private final GuestHeartbeats heartbeats;
    private final LibvirtConnection libvirt;
    private final LibvirtVms vms;
    private final EmulatorUser user;

    /**
     * The configuration.
     *
     * @param peers      the libvirt of other hosts
     * @param heartbeats directory with a directory for each VM in which the socket {@code heartbeat.sock} is; empty if no guest sends
     *                   heartbeats
     */
    public record Config(LibvirtPeers peers, Optional<Path> heartbeats) {}

    /**
     * Connects to libvirt.
     *
     * @param uri   URI of libvirt
     * @param state directory that keeps what must be put back after a kill
     * @throws IOException if libvirt is not installed or does not answer
     */
    PlainLibvirtHypervisor(String uri, Config config, Path state, HeartbeatSource.Factory factory) throws IOException {
        this.config = config;
        this.state = state;
        heartbeats = new GuestHeartbeats(config.heartbeats(), factory);
        libvirt = LibvirtConnection.open(uri, events);
        vms = new LibvirtVms(libvirt, LibvirtVms.Naming.DOMAIN, heartbeats);
        vms.refresh();
        user = new EmulatorUser(libvirt, vms);
    }

    @Override
    public Optional<QemuAccount> account() {
        return user.get();
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
    public void askOnly(Predicate<Vm> which) {
        vms.askOnly(which);
    }

    @Override
    public HostCapabilities capabilities(HostCapabilities qemu) throws IOException {
        return qemu.by(libvirt.version());
    }

    @Override
    public Movement movement(
            MigrationParts parts, HostCapabilities capabilities, String address, HostMetrics metrics, HostTrail trail) {
        LibvirtJobs jobs = new LibvirtJobs(libvirt, events, state.resolve("speed-limits"));
        jobs.restoreSpeeds();
        DomainMigrations domains = new DomainMigrations(libvirt, events);
        UnfinishedMigrations unfinished = new UnfinishedMigrations(
                state.resolve("migrations"),
                domains,
                jobs,
                InstantSource.system(),
                new UnfinishedRecoveries(
                        domains,
                        parts.recovery(),
                        LibvirtEngine.noResume(parts.peers(), capabilities.libvirt()),
                        (uuid, recovery) -> metrics.broke(recovery)));
        LibvirtEngine.Host host =
                new LibvirtEngine.Host(parts, domains, jobs, capabilities.libvirt(), config.peers(), unfinished);
        MigrationService migrations = new MigrationService(
                parts,
                (request, vm) -> new SteppedMigrationDriver(
                        parts, new LibvirtEngine(host, vms.domain(vm.name()), request.destination())));
        LibvirtArrivals arrivals = new LibvirtArrivals(
                new ReservedArrivals(vms, parts.traffic(), address, metrics, parts::freeInbound), vms, heartbeats);
        return new Movement(
                migrations,
                arrivals,
                List.of(vms::refresh, vms::refreshLimits, arrivals::applyLeases, unfinished::lookAfter),
                migrations::close);
    }

    @Override
    public void close() {
        vms.close();
        libvirt.close();
    }
}
