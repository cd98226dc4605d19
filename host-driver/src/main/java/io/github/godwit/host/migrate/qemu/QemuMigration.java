package io.github.godwit.host.migrate.qemu;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.godwit.common.ListenAddress;
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

/** Migration commands for QEMU on the source, and a queue of its events. Commands are for one thread, {@link #wake} for any. */
final class QemuMigration implements AutoCloseable {

    /** Not an event of QEMU: {@link #wake} was called. */
    static final String WAKE = "GODWIT_WAKE";

    /** QEMU does not answer while it sends the last pages: it holds its main loop. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Connection connection;
    private final BlockingQueue<QmpEvent> events = new LinkedBlockingQueue<>();
    private Qmp qmp;
    private Qmp.Subscription subscription;

    /** A source of connections to one QEMU's monitor. */
    interface Connection {
        /**
         * The open connection, or a new one where the last has ended.
         *
         * @throws QmpException when QEMU does not accept one
         */
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

    /** Connects again after a connection ended while QEMU runs on. */
    void reconnect() throws QmpException {
        subscription.close();
        connect();
    }

    void setUp(QemuSettings settings) throws QmpException {
        new MigrationSetup(qmp).apply(settings);
    }

    void start(String address, int port) throws QmpException {
        qmp.execute("migrate", Map.of("uri", "tcp:%s:%d".formatted(ListenAddress.inUrl(address), port)), PATIENCE);
    }

    void setDowntimeLimit(Duration limit) throws QmpException {
        qmp.execute("migrate-set-parameters", Map.of("downtime-limit", limit.toMillis()), PATIENCE);
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

    /** Waits for the next event; null when none came within the timeout. A negative timeout does not wait. */
    QmpEvent next(Duration timeout) throws InterruptedException {
        return events.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** Makes {@link #next} return at once, with {@link #WAKE}. */
    void wake() {
        events.add(new QmpEvent(WAKE, MissingNode.getInstance()));
    }

    @Override
    public void close() {
        subscription.close();
    }
}
