package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.MigrationService;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmRecord.Outgoing;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.technique.MigrationTuning;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Migrations that an earlier host driver started and did not see end: QEMU continues them by itself. Follows each to its end, quits the
 * source when its VM has arrived, cancels a pre-copy that exceeds the default time limit, and recovers a post-copy whose connection breaks.
 * One that this host driver has given up it leaves to an operator, and follows it. A VM that has left by a post-copy that failed is kept from
 * running here as well, and handed over if the destination has all of it.
 */
public final class OrphanedMigrations {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanedMigrations.class);
    private static final Set<String> ALIVE = Set.of("running", "paused");

    private final VmInventory inventory;
    private final MigrationService migrations;
    private final Function<URI, HostDriverClient> peers;
    private final OrphanRecoveries recoveries;
    private final Instant since = Instant.now();
    private final Set<String> unknown = new HashSet<>();
    private final Map<String, String> reported = new HashMap<>();

    /** What to do about an orphaned migration. */
    enum Verdict {
        /** It continues, in time or in post-copy. */
        WAIT,
        /** QEMU has sent the VM: hand it over to the destination. */
        HAND_OVER,
        /** QEMU has ended the migration without success: the VM stays. */
        GIVE_UP,
        /** QEMU has ended it without success after the VM had left: it must not run here. */
        STOP,
        /** It exceeds the time limit. */
        CANCEL
    }

    /**
     * @param inventory  the VMs of this host
     * @param migrations the migrations of this host driver, which it follows itself
     * @param peers      clients of the host drivers on the destinations, by their URL
     * @param terms      how long it is tried to recover a post-copy
     * @param breaks     receives what became of post-copies whose connection broke
     */
    public OrphanedMigrations(
            VmInventory inventory,
            MigrationService migrations,
            Function<URI, HostDriverClient> peers,
            RecoveryTerms terms,
            Consumer<PostcopyRecovery> breaks) {
        this.recoveries = new OrphanRecoveries(terms, breaks);
        this.inventory = inventory;
        this.migrations = migrations;
        this.peers = peers;
    }

    /**
     * Decides about an orphaned migration.
     *
     * @param info   QEMU's figures on the source
     * @param left   whether the VM runs on the destination, or may
     * @param waited time since this host driver started
     */
    static Verdict verdict(MigrationInfo info, boolean left, Duration waited) {
        if (info.completed()) {
            return Verdict.HAND_OVER;
        } else if (info.isFinal() || info.meaning() == QemuMigrationStatus.NONE) {
            return left ? Verdict.STOP : Verdict.GIVE_UP;
        }
        boolean late = waited.compareTo(MigrationTuning.DEFAULT.timeLimit()) > 0;
        return late && info.meaning().canBeCancelled() ? Verdict.CANCEL : Verdict.WAIT;
    }

    /** Polls each orphaned migration once, and settles those that have ended; called about once a second. */
    public void lookAfter() {
        for (HostedVm vm : inventory.all()) {
            Outgoing outgoing = vm.outgoing().orElse(null);
            if (outgoing == null || migrations.runs(outgoing.id())) {
                continue;
            }
            try {
                settle(vm, outgoing);
            } catch (IOException | HostDriverException e) {
                Level level = Objects.equals(e.getMessage(), reported.put(outgoing.id(), e.getMessage()))
                        ? Level.DEBUG
                        : Level.WARN;
                LOG.atLevel(level)
                        .log(
                                "Migration {} of VM '{}' is not settled yet: {}",
                                outgoing.id(),
                                vm.name(),
                                e.getMessage());
            }
        }
    }

    private void settle(HostedVm vm, Outgoing outgoing) throws IOException {
        MigrationInfo info = MigrationInfo.parse(vm.qmp().execute("query-migrate"));
        if (info.meaning() == QemuMigrationStatus.UNKNOWN && unknown.add(info.status())) {
            LOG.warn(
                    "QEMU of VM '{}' reports the status '{}', which Godwit does not know. The migration is waited for",
                    vm.name(),
                    info.status());
        }
        if (!migrations.knows(outgoing.id())) {
            recoveries.lookAfter(
                    outgoing.id(),
                    info,
                    vm.qmp(),
                    () -> peers.apply(outgoing.destination()).incoming().recover(outgoing.id()));
        }
        if (info.inPostcopy() && !outgoing.left()) {
            vm.leavesBy(outgoing.leaving());
        }
        switch (verdict(info, outgoing.left(), Duration.between(since, Instant.now()))) {
            case WAIT -> LOG.debug("Migration {} of VM '{}' is {}", outgoing.id(), vm.name(), info.status());
            case HAND_OVER -> handOver(vm, outgoing);
            case STOP -> {
                if (vm.state().equals("running")) {
                    LOG.error(
                            "Migration {} of VM '{}' failed after the VM had left. It is stopped here, where QEMU lets it run again, and continues at {} if all of it has arrived there",
                            outgoing.id(),
                            vm.name(),
                            outgoing.destination());
                    vm.qmp().execute("stop");
                }
                handOver(vm, outgoing);
            }
            case GIVE_UP -> giveUp(vm, outgoing);
            case CANCEL -> {
                LOG.warn("Cancelling migration {} of VM '{}' of an earlier host driver", outgoing.id(), vm.name());
                vm.qmp().execute("migrate_cancel", Map.of());
            }
        }
    }

    private void handOver(HostedVm vm, Outgoing outgoing) throws IOException {
        if (arrived(vm, outgoing)) {
            LOG.info("VM '{}' arrived by migration {} of an earlier host driver", vm.name(), outgoing.id());
            inventory.stop(vm);
        }
    }

    private boolean arrived(HostedVm vm, Outgoing outgoing) {
        try {
            peers.apply(outgoing.destination()).incoming().finish(outgoing.id());
            return true;
        } catch (HostDriverException e) {
            if (!e.notFound()) {
                throw e;
            }
        }
        // The destination may have finished it before.
        VmStatus there = peers.apply(outgoing.destination()).vm(vm.name());
        return ALIVE.contains(there.state()) && there.migration() == null;
    }

    private void giveUp(HostedVm vm, Outgoing outgoing) throws IOException {
        try {
            peers.apply(outgoing.destination()).incoming().abandon(outgoing.id());
        } catch (HostDriverException e) {
            if (e.conflict()) {
                vm.leavesBy(outgoing.leaving());
                return;
            }
            LOG.info("{}", e.getMessage());
        }
        LOG.info("VM '{}' stays on this host: migration {} did not succeed", vm.name(), outgoing.id());
        DirtyLimit.lift(vm);
        vm.leavesBy(null);
    }
}
