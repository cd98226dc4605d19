package io.github.godwit.host.migrate.libvirt;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.host.libvirt.LibvirtVm;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.migrate.steps.MigrationEngine;
import io.github.godwit.host.migrate.steps.RunningMigration;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The libvirt of this host, which migrates a domain as Nova has it migrated. */
public final class LibvirtEngine implements MigrationEngine {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtEngine.class);

    private final Host host;
    private final LibvirtVm vm;
    private final URI destination;
    private QmpMigrationOverrides overrides;
    private long ownDowntimeMillis = -1;

    /**
     * What the migrations of a host share.
     *
     * @param parts      what migrations work with
     * @param migrations of this host's domains
     * @param jobs       of this host's domains
     * @param libvirt    version of this host's libvirt
     * @param peers      the libvirt of other hosts
     * @param unfinished the migrations that a host driver has begun and not ended
     */
    public record Host(
            MigrationParts parts,
            DomainMigrations migrations,
            DomainJobs jobs,
            Version libvirt,
            LibvirtPeers peers,
            UnfinishedMigrations unfinished) {}

    /**
     * The migration of one domain.
     *
     * @param vm          the domain
     * @param destination URL of the destination's host driver
     */
    public LibvirtEngine(Host host, LibvirtVm vm, URI destination) {
        this.host = host;
        this.vm = vm;
        this.destination = destination;
    }

    @Override
    public Vm vm() {
        return vm;
    }

    @Override
    public void begin(OngoingMigration migration) {}

    @Override
    public void stay() throws IOException {
        host.unfinished().end(vm.uuid());
    }

    @Override
    public RunningMigration prepare(PreparedMigration plan, IncomingTicket ticket) throws IOException {
        Technique technique = plan.decision().technique();
        MigrationTuning tuning = plan.migrationCase().tuning();
        LibvirtSettings settings = LibvirtSettings.of(technique, host.libvirt(), tuning);
        LibvirtOrder order = LibvirtOrder.of(
                host.peers().of(plan.destination().profile().name(), ticket.address()),
                settings,
                host.migrations().isPersistent(vm.uuid()),
                plan.migrationCase().diskBytes() > 0,
                ticket.address());
        Optional<String> noResume = PostcopyResume.obstacle(
                host.libvirt(),
                plan.destination().profile().name(),
                plan.destination().capabilities().libvirt());
        host.unfinished().begin(vm.uuid(), tuning.timeLimit(), order, destination);
        overrides = QmpMigrationOverrides.apply(vm, settings);
        ownDowntimeMillis = host.migrations().downtimeLimit(vm.uuid());
        host.migrations()
                .limitDowntime(vm.uuid(), tuning.downtimeLimit(technique).toMillis());
        return new LibvirtMigration(
                host.migrations(),
                host.jobs(),
                vm,
                new LibvirtMigration.Way(
                        order, ticket.address(), PortRange.of(ticket.port()).orOf(ticket), this::hasArrived, noResume));
    }

    private boolean hasArrived() {
        try {
            return host.parts().peers().apply(destination).vm(vm.name()).state().equals("running");
        } catch (HostDriverException e) {
            LOG.debug("The destination does not report VM {}", vm.name(), e);
            return false;
        }
    }

    /** {@inheritDoc} libvirt has removed it. */
    @Override
    public void leave() {
        host.unfinished().end(vm.uuid());
    }

    /** {@inheritDoc} libvirt has it continue; what was set in its QEMU is as before. */
    @Override
    public void stayHere(BooleanSupplier release, Consumer<String> note) {
        if (overrides != null) {
            overrides.lift();
        }
        if (ownDowntimeMillis >= 0) {
            try {
                host.migrations().limitDowntime(vm.uuid(), ownDowntimeMillis);
            } catch (LibvirtException e) {
                LOG.warn(
                        "Cannot put the downtime limit of VM {} back to {} ms: {}. Its next migration sets another one",
                        vm.name(),
                        ownDowntimeMillis,
                        e.getMessage());
            }
        }
        if (!release.getAsBoolean()) {
            LOG.debug("The destination may still have something of VM {}", vm.name());
        }
    }

    /** Tells why libvirt cannot resume a post-copy to a destination, given by the URL of its host driver, as a clause. */
    public static Function<URI, Optional<String>> noResume(Function<URI, HostDriverClient> peers, Version here) {
        return destination -> {
            try {
                HostStatus there = peers.apply(destination).host();
                return PostcopyResume.obstacle(
                        here, there.profile().name(), there.capabilities().libvirt());
            } catch (HostDriverException e) {
                // Whoever resumes it needs that host anyway, but not its host driver.
                return Optional.of("the version of libvirt there is not known (%s)".formatted(e.getMessage()));
            }
        };
    }
}
