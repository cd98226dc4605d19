package io.github.godwit.host.vm;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.MonitorPace;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.qmp.UnixQmpClient;
import java.io.IOException;
import java.util.Optional;

/**
 * A VM on this host with the agent's one connection to its monitor (QEMU serves one client at a time), its heartbeats, and
 * what it is doing between hosts.
 */
public final class HostedVm implements Vm {

    private final VmStore store;
    private final RunningVm running;
    private final HeartbeatSource heartbeats;
    private final MonitorPace pace;
    private VmRecord record;
    private Qmp qmp;

    HostedVm(VmStore store, VmRecord record, Qmp qmp, HeartbeatSource.Factory heartbeats) {
        this.store = store;
        this.record = record;
        this.pace = qmp == null ? new MonitorPace() : qmp.pace();
        this.running = new RunningVm(
                record.definition(),
                record.process().pid(),
                store.directory(record.definition().name()).path());
        this.heartbeats = heartbeats.open(running);
        if (qmp != null) {
            use(qmp);
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

    /** Its monitor; connects again when the last connection ended. */
    public synchronized Qmp qmp() throws QmpException {
        if (qmp == null) {
            use(UnixQmpClient.connect(running.qmpSocket(), pace.deadline(), pace));
        }
        return qmp;
    }

    private synchronized void use(Qmp connection) {
        qmp = connection;
        connection.subscribe(event -> {
            if (event.name().equals(QmpEvent.CLOSED)) {
                drop(connection);
            }
        });
    }

    private synchronized void drop(Qmp ended) {
        if (qmp == ended) {
            qmp = null;
        }
    }

    @Override
    public Monitor monitor() throws QmpException {
        return qmp();
    }

    @Override
    public Optional<String> migration() {
        return incoming().or(() -> outgoing().map(VmRecord.Outgoing::id));
    }

    /** Id of the migration that it comes by, if it has not arrived yet. */
    public synchronized Optional<String> incoming() {
        return Optional.ofNullable(record.incoming());
    }

    /** The migration that it leaves by, if there is one. */
    public synchronized Optional<VmRecord.Outgoing> outgoing() {
        return Optional.ofNullable(record.outgoing());
    }

    /** Notes that it has arrived and is this host's own. */
    public synchronized void arrived() throws IOException {
        save(record.withIncoming(null));
    }

    /** Notes the migration that it leaves by, so that an agent started again knows; null when it stays. */
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

    /** Lets go of its sockets; QEMU goes on. */
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
