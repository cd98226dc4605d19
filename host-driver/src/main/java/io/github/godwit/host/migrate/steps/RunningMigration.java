package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.rate.RateLoop;
import io.github.godwit.host.migrate.recover.RecoveryAttempt;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.IncomingTicket;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * A migration on its source, as {@link Supervisor} follows it. Events are those of QEMU, whoever delivers them. {@link #wake} may be called on
 * any thread, everything else on one.
 */
public interface RunningMigration extends AutoCloseable {

    /** Not an event of QEMU: {@link #wake} was called. */
    String WAKE = "GODWIT_WAKE";

    /**
     * Has QEMU send the VM; returns at once.
     *
     * @throws QmpException if that is refused
     */
    void start() throws QmpException;

    /**
     * What the bandwidth of the migration is adapted by.
     *
     * @param transferred bytes that were sent so far, as last known
     * @param postcopy    whether it may switch to post-copy
     */
    RateLoop.Running rates(LongSupplier transferred, boolean postcopy);

    /** Waits for the next event; null when none came within the timeout. A negative timeout does not wait. */
    QmpEvent next(Duration timeout) throws InterruptedException;

    /** Makes {@link #next} return at once, with {@link #WAKE}. */
    void wake();

    /** Connects again after {@link QmpEvent#CLOSED}. */
    void reconnect() throws QmpException;

    /** The figures now. */
    MigrationInfo query() throws QmpException;

    /** Changes the downtime limit. */
    void setDowntimeLimit(Duration limit) throws QmpException;

    /** Whether {@link #setThrottleIncrement} may be called. */
    boolean canRaiseThrottle();

    /** Changes how much auto-converge adds to its throttle at a time, in percent. */
    void setThrottleIncrement(int percent) throws QmpException;

    /** Switches to post-copy. */
    void startPostcopy() throws QmpException;

    /**
     * Keeps post-copy recoverable until every page is sent. Before 10.1, QEMU sends the last pages, as many as its downtime limit permits, in
     * one go in which a broken connection fails the migration instead of pausing it (migration.c, {@code migration_iteration_run}); the
     * downtime is over by then. A failure is only logged.
     */
    void stayRecoverable();

    /**
     * Has a VM that has left by post-copy not run here as well after its migration failed. QEMU lets it: since 9.0 it takes the VM of any failed migration
     * for one that stays (migration.c, {@code migration_iteration_finish}). A failure is only logged.
     */
    void stayStopped();

    /**
     * Tries to make the connection of post-copy again. What comes of it shows in {@link #query}.
     *
     * @param destination has the destination listen again, and returns where
     * @throws QmpException if the monitor fails; it is not known whether the attempt has begun
     */
    RecoveryAttempt recover(Supplier<IncomingTicket> destination) throws QmpException;

    /** What an operator can do where that does not succeed, as the rest of a sentence. */
    String recoveryByHand();

    /** Cancels a pre-copy; it ends soon after. */
    void cancel() throws QmpException;

    /** Stops following it. */
    @Override
    void close();
}
