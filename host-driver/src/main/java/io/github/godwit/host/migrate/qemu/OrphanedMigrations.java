package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmRecord.Outgoing;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.technique.MigrationTuning;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Migrations that an agent left behind when it was killed: QEMU goes on by itself. This one follows them to their end,
 * quits a source whose VM has arrived, and cancels a pre-copy that goes on past the usual time limit.
 */
public final class OrphanedMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanedMigrations.class);
    private static final Set<String> ALIVE = Set.of("running", "paused");

    private final VmInventory inventory;
    private final MigrationService migrations;
    private final Function<URI, HostDriverClient> peers;
    private final Instant since = Instant.now();

    /**
     * @param inventory  the VMs of this host
     * @param migrations those of this agent, which are not looked at here
     * @param peers      asks the destinations
     */
    public OrphanedMigrations(
            VmInventory inventory, MigrationService migrations, Function<URI, HostDriverClient> peers) {
        this.inventory = inventory;
        this.migrations = migrations;
        this.peers = peers;
    }

    /** Looks once; called every second or so. */
    public void lookAfter() {
        for (HostedVm vm : inventory.all()) {
            Outgoing outgoing = vm.outgoing().orElse(null);
            if (outgoing == null || migrations.runs(outgoing.id())) {
                continue;
            }
            try {
                settle(vm, outgoing);
            } catch (IOException | HostDriverException e) {
                LOG.warn("Migration {} of VM '{}' is not settled yet: {}", outgoing.id(), vm.name(), e.getMessage());
            }
        }
    }

    private void settle(HostedVm vm, Outgoing outgoing) throws IOException {
        MigrationInfo info = MigrationInfo.parse(vm.qmp().execute("query-migrate"));
        if (info.completed()) {
            if (arrived(vm, outgoing)) {
                LOG.info("VM '{}' had arrived by migration {}", vm.name(), outgoing.id());
                inventory.stop(vm);
            }
        } else if (info.isFinal() || info.status().equals("none")) {
            giveUp(vm, outgoing);
        } else if (!info.inPostcopy() && Instant.now().isAfter(since.plus(MigrationTuning.DEFAULT.timeLimit()))) {
            LOG.warn("Cancelling migration {} of VM '{}', which an earlier agent began", outgoing.id(), vm.name());
            vm.qmp().execute("migrate_cancel", Map.of());
        }
    }

    private boolean arrived(HostedVm vm, Outgoing outgoing) {
        try {
            peers.apply(outgoing.destination()).finish(outgoing.id());
            return true;
        } catch (HostDriverException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
        VmStatus there = peers.apply(outgoing.destination()).vm(vm.name());
        return ALIVE.contains(there.state()) && there.migration() == null;
    }

    private void giveUp(HostedVm vm, Outgoing outgoing) throws IOException {
        LOG.info("VM '{}' stays: migration {} did not end well", vm.name(), outgoing.id());
        try {
            peers.apply(outgoing.destination()).abandon(outgoing.id());
        } catch (HostDriverException e) {
            LOG.info("{}", e.getMessage());
        }
        DirtyLimit.lift(vm);
        vm.leavesBy(null);
    }
}
