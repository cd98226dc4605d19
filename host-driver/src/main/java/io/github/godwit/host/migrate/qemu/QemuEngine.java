package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.migrate.steps.MigrationEngine;
import io.github.godwit.host.migrate.steps.RunningMigration;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.host.scatter.QemuEnd;
import io.github.godwit.host.scatter.ScatterTerms;
import io.github.godwit.host.scatter.Scatterer;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.host.vm.VmRecord;
import io.github.godwit.hostapi.IncomingTicket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The QEMU of a VM that this host driver started, by its monitor. */
public final class QemuEngine implements MigrationEngine {

    private static final Logger LOG = LoggerFactory.getLogger(QemuEngine.class);

    private final VmInventory inventory;
    private final HostedVm vm;
    private final Intermediaries intermediaries;
    private final TrafficControl traffic;
    private OngoingMigration run;

    /**
     * The QEMU of one VM.
     *
     * @param inventory the VMs that this host driver started
     * @param vm        name of the VM
     * @param intermediaries on which pages may wait
     * @param traffic   reserves bandwidth towards them
     */
    public QemuEngine(VmInventory inventory, String vm, Intermediaries intermediaries, TrafficControl traffic) {
        this.inventory = inventory;
        this.vm = inventory.get(vm);
        this.intermediaries = intermediaries;
        this.traffic = traffic;
    }

    @Override
    public HostedVm vm() {
        return vm;
    }

    @Override
    public void begin(OngoingMigration begun) throws IOException {
        run = begun;
        vm.leavesBy(new VmRecord.Outgoing(begun.id(), begun.request().destination()));
    }

    @Override
    public void left() {
        try {
            Optional<VmRecord.Outgoing> outgoing = vm.outgoing();
            if (outgoing.isPresent()) {
                vm.leavesBy(outgoing.get().leaving());
            }
        } catch (IOException e) {
            LOG.warn("It is not recorded that VM '{}' has left: {}", vm.name(), e.getMessage());
        }
    }

    @Override
    public void stay() throws IOException {
        vm.leavesBy(null);
    }

    @Override
    public RunningMigration prepare(PreparedMigration plan, IncomingTicket ticket) throws IOException {
        QemuMigration migration = migration(plan, ticket);
        try {
            migration.setUp(plan.settings());
            return migration;
        } catch (IOException | RuntimeException e) {
            migration.close();
            throw e;
        }
    }

    private QemuMigration migration(PreparedMigration plan, IncomingTicket ticket) throws IOException {
        if (plan.scatter() == null) {
            return new QemuMigration(vm::qmp, QemuRejoin.uri(ticket), () -> {});
        }
        ScatterTerms terms = intermediaries.terms(run.id(), ticket.key(), plan.scatter());
        IntermediaryFlows flows = IntermediaryFlows.reserve(
                traffic,
                run.id(),
                plan.sourceAddress(),
                plan.reservation(),
                intermediaries.of(plan.scatter()),
                run::note);
        try {
            Scatterer scatterer = Scatterer.start(
                    terms,
                    vm.running().migrationSocket(),
                    new InetSocketAddress(ticket.address(), ticket.port()),
                    new QemuEnd(this::remaining),
                    run::note);
            try {
                return new QemuMigration(vm::qmp, scatterer.uri(), () -> {
                    scatterer.close();
                    flows.close();
                });
            } catch (QmpException e) {
                scatterer.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            flows.close();
            throw e;
        }
    }

    private long remaining() throws IOException {
        return MigrationInfo.parse(vm.qmp().execute("query-migrate")).progress().remainingBytes();
    }

    @Override
    public void leave() {
        try {
            inventory.stop(vm);
        } catch (IOException e) {
            LOG.warn("Cannot clean up after VM '{}': {}", vm.name(), e.getMessage());
        }
    }

    /** {@inheritDoc} A VM that QEMU has stopped may run on the destination as long as that has it. */
    @Override
    public void stayHere(BooleanSupplier release, Consumer<String> note) {
        DirtyLimit.lift(vm);
        boolean released = release.getAsBoolean();
        String state = vm.state();
        if (state.equals("postmigrate") && released) {
            try {
                vm.qmp().execute("cont");
                note.accept("The VM was stopped after the failed migration and continues here");
            } catch (IOException e) {
                LOG.error("VM '{}' is {} after a failed migration: {}", vm.name(), state, e.getMessage());
            }
        }
    }
}
