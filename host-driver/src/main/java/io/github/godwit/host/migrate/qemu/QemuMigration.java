package io.github.godwit.host.migrate.qemu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.rate.RateLoop;
import io.github.godwit.host.migrate.recover.RecoveryAttempt;
import io.github.godwit.host.migrate.steps.RunningMigration;
import io.github.godwit.host.qmp.MigrationSetup;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.VmLimitsReader;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.model.technique.QemuSettings;
import io.github.godwit.model.watch.RoundCounter;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Migration commands for QEMU on the source, and a queue of its events. Commands are for one thread, {@link #wake} for any. */
final class QemuMigration implements RunningMigration {

    private static final Logger LOG = LoggerFactory.getLogger(QemuMigration.class);

    /** QEMU does not answer while it sends the last pages: it holds its main loop. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Connection connection;
    private final String uri;
    private final AutoCloseable past;
    private final BlockingQueue<QmpEvent> events = new LinkedBlockingQueue<>();
    private RoundCounter rounds = RoundCounter.NEW;
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

    /**
     * @param uri  where QEMU sends the VM
     * @param past what it passes on its way, which ends with the migration
     */
    QemuMigration(Connection connection, String uri, AutoCloseable past) throws QmpException {
        this.connection = connection;
        this.uri = uri;
        this.past = past;
        connect();
    }

    private void connect() throws QmpException {
        qmp = connection.open();
        subscription = qmp.subscribe(events::add);
    }

    @Override
    public void reconnect() throws QmpException {
        subscription.close();
        connect();
    }

    void setUp(QemuSettings settings) throws QmpException {
        new MigrationSetup(qmp).apply(settings);
    }

    @Override
    public void start() throws QmpException {
        qmp.execute("migrate", Map.of("uri", uri), PATIENCE);
    }

    @Override
    public RateLoop.Running rates(LongSupplier transferred, boolean postcopy) {
        return new RateLoop.Running(transferred, new QmpSpeedLimit(connection, postcopy), OptionalInt::empty);
    }

    @Override
    public void setDowntimeLimit(Duration limit) throws QmpException {
        qmp.execute("migrate-set-parameters", Map.of("downtime-limit", limit.toMillis()), PATIENCE);
    }

    @Override
    public boolean canRaiseThrottle() {
        return true;
    }

    @Override
    public void setThrottleIncrement(int percent) throws QmpException {
        qmp.execute("migrate-set-parameters", Map.of("cpu-throttle-increment", percent), PATIENCE);
    }

    @Override
    public void startPostcopy() throws QmpException {
        qmp.execute("migrate-start-postcopy", Map.of(), PATIENCE);
    }

    @Override
    public void stayRecoverable() {
        try {
            if (!VmLimitsReader.version(qmp.execute("query-version", Map.of(), PATIENCE))
                    .atLeast(10, 1)) {
                setDowntimeLimit(Duration.ZERO);
            }
        } catch (QmpException e) {
            LOG.debug("The last pages of the post-copy cannot be sent again if its connection breaks", e);
        }
    }

    @Override
    public void stayStopped() {
        try {
            qmp.execute("stop", Map.of(), PATIENCE);
        } catch (QmpException e) {
            LOG.error("The VM has left, and may run here as well: {}", e.getMessage());
        }
    }

    @Override
    public RecoveryAttempt recover(Supplier<IncomingTicket> destination) throws QmpException {
        return QemuRejoin.attempt(qmp, destination);
    }

    @Override
    public String recoveryByHand() {
        return QemuRejoin.BY_HAND;
    }

    @Override
    public void cancel() throws QmpException {
        qmp.execute("migrate_cancel", Map.of(), PATIENCE);
    }

    @Override
    public MigrationInfo query() throws QmpException {
        JsonNode answer = qmp.execute("query-migrate", Map.of(), PATIENCE);
        rounds = rounds.after(MigrationInfo.pages(answer));
        return MigrationInfo.parse(answer).inRound(rounds.number());
    }

    @Override
    public QmpEvent next(Duration timeout) throws InterruptedException {
        return events.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    }

    @Override
    public void wake() {
        events.add(new QmpEvent(WAKE, MissingNode.getInstance()));
    }

    @Override
    public void close() {
        subscription.close();
        try {
            past.close();
        } catch (Exception e) {
            throw new IllegalStateException("The way of the migration could not be closed", e);
        }
    }
}
