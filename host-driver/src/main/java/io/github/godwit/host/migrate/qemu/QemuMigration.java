package io.github.godwit.host.migrate.qemu;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.qmp.MigrationSetup;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.model.technique.QemuSettings;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The migration commands of the QEMU that a VM leaves, and its events one by one. */
final class QemuMigration implements AutoCloseable {

    /** Not QEMU's: somebody wants the supervisor to look at something. */
    static final String WAKE = "GODWIT_WAKE";

    /** While QEMU sends the last pages it holds its main loop, and answers nothing. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Connection connection;
    private final BlockingQueue<QmpEvent> events = new LinkedBlockingQueue<>();
    private Qmp qmp;
    private Qmp.Subscription subscription;

    /** Gives a connection to the monitor, a new one where the last ended. */
    interface Connection {
        Qmp open() throws QmpException;
    }

    QemuMigration(Connection connection) throws QmpException {
        this.connection = connection;
        connect();
    }

    private void connect() throws QmpException {
        qmp = connection.open();
        subscription = qmp.subscribe(events::add);
    }

    /** Takes a new connection after one ended while QEMU lives. */
    void reconnect() throws QmpException {
        subscription.close();
        connect();
    }

    void setUp(QemuSettings settings) throws QmpException {
        new MigrationSetup(qmp).apply(settings);
    }

    void start(String address, int port) throws QmpException {
        qmp.execute("migrate", Map.of("uri", "tcp:%s:%d".formatted(address, port)), PATIENCE);
    }

    void startPostcopy() throws QmpException {
        qmp.execute("migrate-start-postcopy", Map.of(), PATIENCE);
    }

    void cancel() throws QmpException {
        qmp.execute("migrate_cancel", Map.of(), PATIENCE);
    }

    MigrationInfo query() throws QmpException {
        return MigrationInfo.parse(qmp.execute("query-migrate", Map.of(), PATIENCE));
    }

    /** The next event, or null when none came in time. */
    QmpEvent next(Duration timeout) throws InterruptedException {
        return events.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** Makes {@link #next} return at once. */
    void wake() {
        events.add(new QmpEvent(WAKE, MissingNode.getInstance()));
    }

    @Override
    public void close() {
        subscription.close();
    }
}
