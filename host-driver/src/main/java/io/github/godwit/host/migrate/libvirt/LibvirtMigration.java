package io.github.godwit.host.migrate.libvirt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.libvirt.DomainMigrations;
import io.github.godwit.host.libvirt.JobEvent;
import io.github.godwit.host.libvirt.JobStats;
import io.github.godwit.host.libvirt.LibvirtException;
import io.github.godwit.host.libvirt.LibvirtVm;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.rate.RateLoop;
import io.github.godwit.host.migrate.recover.RecoveryAttempt;
import io.github.godwit.host.migrate.steps.RunningMigration;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.nova.reserve.ConnectedPort;
import io.github.godwit.host.nova.reserve.LibvirtSpeedLimit;
import io.github.godwit.host.nova.reserve.SpeedCeiling;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import io.github.godwit.host.qmp.QmpEvent;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.model.watch.RoundCounter;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A migration that libvirt performs. One thread waits for {@code virDomainMigrateToURI3}, whose result is the end of the migration; QEMU's
 * events come through libvirt, and the figures are those of libvirt's job. If the connection breaks in post-copy, the call fails, and libvirt
 * keeps its job until another call resumes it.
 */
final class LibvirtMigration implements RunningMigration {

    private static final Logger LOG = LoggerFactory.getLogger(LibvirtMigration.class);
    private static final String STATUS = "status";

    /** From the result of the call to libvirt's event with the last figures. */
    private static final Duration LAST_FIGURES = Duration.ofSeconds(2);

    /** An aborted migration ends within milliseconds unless QEMU is busy. */
    private static final Duration LAST_WAIT = Duration.ofSeconds(10);

    /** How long a daemon may be out of reach after a lost connection. */
    private static final Duration UNREACHABLE = Duration.ofMinutes(2);

    private final DomainMigrations migrations;
    private final DomainJobs jobs;
    private final LibvirtVm vm;
    private final Way way;
    private final BlockingQueue<QmpEvent> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<JobStats> figures = new CompletableFuture<>();
    private final CompletableFuture<MigrationInfo> ended = new CompletableFuture<>();
    private final Runnable unlisten;
    private LibvirtSpeedLimit limit;
    private RoundCounter rounds = RoundCounter.NEW;
    private volatile JobStats last = new JobStats(Map.of());
    private volatile boolean inPostcopy;
    private volatile boolean disconnected;
    private volatile boolean resuming;
    private volatile String broken;
    private volatile boolean cancelled;
    private boolean aborted;
    private boolean started;

    /**
     * Where a migration goes to.
     *
     * @param order   the arguments for libvirt
     * @param address IP address of the destination
     * @param ports   from which libvirt chooses one of the destination
     * @param arrived whether the VM runs on the destination; may take some seconds
     * @param noResume why post-copy cannot be resumed, as a clause; empty if it can
     */
    record Way(
            LibvirtOrder order, String address, PortRange ports, BooleanSupplier arrived, Optional<String> noResume) {}

    LibvirtMigration(DomainMigrations migrations, DomainJobs jobs, LibvirtVm vm, Way way) throws LibvirtException {
        this.migrations = migrations;
        this.jobs = jobs;
        this.vm = vm;
        this.way = way;
        Runnable noEvents = migrations.listen(vm.uuid(), this::happened);
        Runnable noFigures = jobs.listen(vm.uuid(), this::completed);
        this.unlisten = () -> {
            noEvents.run();
            noFigures.run();
        };
    }

    /** The end is reported when libvirt's call has returned; what QEMU says about it is for the measurement of the cost. */
    private void happened(QmpEvent event) {
        if (!event.name().startsWith("MIGRATION")) {
            return;
        }
        QemuMigrationStatus status =
                QemuMigrationStatus.of(event.data().path(STATUS).asText());
        if (status.inPostcopy()) {
            inPostcopy = true;
            disconnected = status == QemuMigrationStatus.POSTCOPY_PAUSED;
            resuming = resuming && status != QemuMigrationStatus.POSTCOPY_ACTIVE;
        }
        events.add(event);
    }

    private void completed(JobEvent event) {
        if (event instanceof JobEvent.Completed completed
                && completed.stats().migrationOut()
                && completed.stats().success()) {
            figures.complete(completed.stats());
        }
    }

    @Override
    public void start() {
        started = true;
        begin(way.order());
    }

    private void begin(LibvirtOrder order) {
        DaemonThreads.start("libvirt-migrates-" + vm.name(), () -> migrate(order));
    }

    private void migrate(LibvirtOrder order) {
        MigrationInfo end;
        try {
            migrations.migrate(vm.uuid(), order.destination(), order.flags(), order.parameters());
            end = arrived();
        } catch (LibvirtException e) {
            end = failed(e);
        } catch (RuntimeException e) {
            LOG.error("The migration of VM {} failed", vm.name(), e);
            end = stayed(e.toString());
        }
        if (broken == null) {
            ended.complete(end);
        }
        announce(end.status());
    }

    private void announce(String status) {
        events.add(
                new QmpEvent("MIGRATION", JsonNodeFactory.instance.objectNode().put(STATUS, status)));
    }

    private MigrationInfo arrived() {
        JobStats stats = last;
        try {
            stats = figures.get(LAST_FIGURES.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("libvirt has not reported the last figures of the migration of VM {}", vm.name());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return MigrationInfo.of(stats, QemuMigrationStatus.COMPLETED.qmpName(), null);
    }

    /**
     * If the connection to the daemon has ended, and not the migration, libvirt continues: then the migration is waited for. If that of
     * post-copy broke, the migration has not ended, but nobody continues it.
     */
    private MigrationInfo failed(LibvirtException failure) {
        long deadline = System.nanoTime() + UNREACHABLE.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                if (!migrations.isHere(vm.uuid())) {
                    return way.arrived().getAsBoolean() ? arrived() : stayed(failure.getMessage());
                }
                if (jobs.stats(vm.uuid()).filter(JobStats::migrationOut).isEmpty()) {
                    return stayed(failure.getMessage());
                }
                if (migrations.leavesByBrokenPostcopy(vm.uuid())) {
                    return broke(failure.getMessage());
                }
                deadline = System.nanoTime() + UNREACHABLE.toNanos();
            } catch (LibvirtException e) {
                LOG.warn("It is not known whether VM {} still migrates: {}", vm.name(), e.getMessage());
            }
            try {
                TimeUnit.NANOSECONDS.sleep(MigrationInfo.POLL_EVERY.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return stayed(failure.getMessage());
            }
        }
        return stayed(failure.getMessage());
    }

    private MigrationInfo broke(String error) {
        inPostcopy = true;
        resuming = false;
        broken = error;
        return paused(error);
    }

    private MigrationInfo paused(String error) {
        return new MigrationInfo(
                QemuMigrationStatus.POSTCOPY_PAUSED.qmpName(), -1, last.progress(), last.postcopyRequests(), error);
    }

    private MigrationInfo stayed(String error) {
        QemuMigrationStatus status = inPostcopy
                ? QemuMigrationStatus.POSTCOPY_PAUSED
                : cancelled ? QemuMigrationStatus.CANCELLED : QemuMigrationStatus.FAILED;
        return new MigrationInfo(status.qmpName(), -1, last.progress(), last.postcopyRequests(), error);
    }

    private JobStats counted(JobStats stats) {
        rounds = rounds.after(stats.pages());
        return stats.inRound(rounds.number());
    }

    @Override
    public RateLoop.Running rates(LongSupplier transferred, boolean postcopy) {
        limit = new LibvirtSpeedLimit(jobs, vm.uuid(), postcopy, SpeedCeiling.KNOWN, () -> transferred.getAsLong() > 0);
        return new RateLoop.Running(
                transferred, limit, ConnectedPort.of(vm.running().pid(), way.address(), way.ports()));
    }

    @Override
    public QmpEvent next(Duration timeout) throws InterruptedException {
        return events.poll(Math.max(0, timeout.toNanos()), TimeUnit.NANOSECONDS);
    }

    @Override
    public void wake() {
        events.add(new QmpEvent(WAKE, MissingNode.getInstance()));
    }

    /** {@inheritDoc} The connection to libvirt is made again by itself. */
    @Override
    public void reconnect() {}

    /** {@inheritDoc} Never fails, because a call that fails does not show how the migration is. */
    @Override
    public MigrationInfo query() {
        MigrationInfo end = ended.getNow(null);
        if (end != null) {
            return end;
        }
        String failure = broken;
        if (failure != null) {
            return paused(failure);
        }
        if (disconnected) {
            return paused("QEMU has lost the connection");
        }
        if (cancelled && !aborted) {
            abort();
        }
        try {
            Optional<JobStats> now = jobs.stats(vm.uuid()).filter(JobStats::migrationOut);
            now.ifPresent(stats -> last = counted(stats));
        } catch (LibvirtException e) {
            LOG.debug("libvirt has no figures of VM {}", vm.name(), e);
        }
        Progress progress = last.progress();
        boolean sends = last.memoryBytes() > 0 || progress.rounds() > 0;
        QemuMigrationStatus status = inPostcopy
                ? resuming ? QemuMigrationStatus.POSTCOPY_RECOVER : QemuMigrationStatus.POSTCOPY_ACTIVE
                : sends ? QemuMigrationStatus.ACTIVE : QemuMigrationStatus.SETUP;
        return MigrationInfo.of(last, status.qmpName(), null);
    }

    /** {@inheritDoc} A failure is only logged: the migration runs with the limit that it has. */
    @Override
    public void setDowntimeLimit(Duration downtime) {
        try {
            migrations.limitDowntime(vm.uuid(), downtime.toMillis());
        } catch (LibvirtException e) {
            LOG.warn("The downtime limit of VM {} stays as it is: {}", vm.name(), e.getMessage());
        }
    }

    /** {@inheritDoc} Not done through libvirt, where it has not been tried: the limit stays. */
    @Override
    public void stayRecoverable() {}

    /** {@inheritDoc} libvirt does that itself: the domain is paused with the reason "post-copy failed". */
    @Override
    public void stayStopped() {}

    @Override
    public boolean canRaiseThrottle() {
        return false;
    }

    @Override
    public void setThrottleIncrement(int percent) {
        throw new UnsupportedOperationException("libvirt cannot change the throttle of a migration that runs.");
    }

    /** {@inheritDoc} A migration that has ended meanwhile needs none. */
    @Override
    public void startPostcopy() throws QmpException {
        try {
            migrations.startPostcopy(vm.uuid());
        } catch (LibvirtException e) {
            if (!endsWithin(LAST_FIGURES)) {
                throw new QmpException(e.getMessage(), /* refused= */ true, e);
            }
        }
    }

    /** {@inheritDoc} libvirt itself has the destination listen again. */
    @Override
    public RecoveryAttempt recover(Supplier<IncomingTicket> destination) {
        if (ended.isDone()) {
            return RecoveryAttempt.impossible("libvirt has no job of it any more");
        }
        if (way.noResume().isPresent()) {
            return RecoveryAttempt.impossible(way.noResume().get());
        }
        if (broken == null) {
            return RecoveryAttempt.failed("libvirt still waits for the destination, whose QEMU has not noticed it");
        }
        broken = null;
        disconnected = false;
        resuming = true;
        announce(QemuMigrationStatus.POSTCOPY_RECOVER.qmpName());
        begin(way.order().resumed());
        return RecoveryAttempt.begun();
    }

    @Override
    public String recoveryByHand() {
        return PostcopyResume.BY_HAND;
    }

    /** {@inheritDoc} It is tried again with each query where libvirt has no job yet. */
    @Override
    public void cancel() {
        cancelled = true;
        abort();
    }

    private void abort() {
        try {
            jobs.abort(vm.uuid());
            aborted = true;
        } catch (LibvirtException e) {
            LOG.info("libvirt does not cancel the migration of VM {} yet: {}", vm.name(), e.getMessage());
        }
    }

    private boolean endsWithin(Duration time) {
        try {
            ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** {@inheritDoc} A pre-copy that still runs is cancelled, because nobody would switch it over or end it at its time limit. */
    @Override
    public void close() {
        if (started && !ended.isDone() && !inPostcopy) {
            cancel();
            if (!endsWithin(LAST_WAIT)) {
                LOG.warn("libvirt has not ended the migration of VM {} within {} s", vm.name(), LAST_WAIT.toSeconds());
            }
        }
        unlisten.run();
        if (limit != null) {
            limit.restore();
        }
    }
}
