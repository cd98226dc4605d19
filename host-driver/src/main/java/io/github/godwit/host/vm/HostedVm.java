package io.github.godwit.host.vm;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.qmp.Announcement;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.qmp.UnixQmpClient;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A VM that this host driver started: with the connection to its monitor (only one, because QEMU serves one client at a time),
 * its heartbeats, and the migration that it is part of.
 */
public final class HostedVm implements Vm {

    private final VmStore store;
    private final RunningVm running;
    private final HeartbeatSource heartbeats;
    private final MonitorPace pace;
    private final VmLimitsWatch<HostedVm> limits;
    private VmRecord record;
    private Qmp qmp;

    HostedVm(
            VmStore store,
            VmRecord record,
            Qmp qmp,
            HeartbeatSource.Factory heartbeats,
            VmLimitsWatch<HostedVm> limits) {
        this.store = store;
        this.limits = limits;
        this.record = record;
        this.pace = qmp == null ? new MonitorPace() : qmp.pace();
        this.running = new RunningVm(
                record.definition(),
                record.process().pid(),
                store.directory(record.definition().name()).path());
        this.heartbeats = heartbeats.open(running);
        if (qmp != null) {
            attach(qmp);
        }
    }

    @Override
    public RunningVm running() {
        return running;
    }

    @Override
    public HeartbeatSource heartbeats() {
        return heartbeats;
    }

    @Override
    public boolean alive() {
        return process().alive();
    }

    /** The connection to its monitor; connects again if the last connection has ended. */
    public synchronized Qmp qmp() throws QmpException {
        if (qmp == null) {
            attach(UnixQmpClient.connect(running.qmpSocket(), pace.deadline(), pace));
        }
        return qmp;
    }

    private synchronized void attach(Qmp connection) {
        qmp = connection;
        connection.subscribe(event -> {
            if (event.name().equals(QmpEvent.CLOSED)) {
                detach(connection);
            }
        });
    }

    private synchronized void detach(Qmp ended) {
        if (qmp == ended) {
            qmp = null;
        }
    }

    @Override
    public Monitor monitor() throws QmpException {
        return qmp();
    }

    @Override
    public List<String> taps() {
        return running.definition().nic() == null ? List.of() : List.of(new VmDirectory(running.directory()).tap());
    }

    /**
     * Has QEMU tell the network that the VM is on this host now: switches send the VM's traffic to the port from which they last
     * heard its address. QEMU does so itself when a migration ends, but the network of this host may not be ready by then. Does
     * nothing for a VM without a network interface.
     *
     * @throws QmpException if QEMU refuses or does not answer
     */
    public void announce() throws QmpException {
        if (running.definition().nic() != null) {
            qmp().execute("announce-self", Announcement.arguments());
        }
    }

    @Override
    public VmLimits limits() {
        return limits.of(running.pid(), VmLimits.NONE);
    }

    @Override
    public Optional<String> migration() {
        return incoming().or(() -> outgoing().map(VmRecord.Outgoing::id));
    }

    @Override
    public boolean inMigration() {
        return incoming().isPresent();
    }

    /** Id of the migration to this host by which it arrives; empty once it has arrived. */
    public synchronized Optional<String> incoming() {
        return Optional.ofNullable(record.incoming());
    }

    /** The migration away from this host that it is part of, if any. */
    public synchronized Optional<VmRecord.Outgoing> outgoing() {
        return Optional.ofNullable(record.outgoing());
    }

    /** Records on disk that it has arrived and belongs to this host. */
    public synchronized void arrived() throws IOException {
        save(record.withIncoming(null));
    }

    /** Records on disk the migration away from this host, so that a restarted host driver finds it; null if the VM stays. */
    public synchronized void leavesBy(VmRecord.Outgoing migration) throws IOException {
        save(record.withOutgoing(migration));
    }

    private void save(VmRecord changed) throws IOException {
        store.save(changed);
        record = changed;
    }

    synchronized ProcessIdentity process() {
        return record.process();
    }

    /** Closes the connections to its sockets; QEMU continues to run. */
    void release() {
        heartbeats.close();
        Qmp connection;
        synchronized (this) {
            connection = qmp;
            qmp = null;
        }
        if (connection != null) {
            connection.close();
        }
    }
}
