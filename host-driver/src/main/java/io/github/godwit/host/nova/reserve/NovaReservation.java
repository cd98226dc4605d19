package io.github.godwit.host.nova.reserve;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.migrate.rate.FlowReservation;
import io.github.godwit.host.migrate.rate.FollowingPeer;
import io.github.godwit.host.migrate.rate.RateLoop;
import io.github.godwit.host.migrate.rate.RateRule;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.nova.reserve.MigrationPort.PlannedPort;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.ReservedRates;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bandwidth of one migration: reserved on both hosts, or on none, and adapted while it runs ({@link RateLoop}). The destination releases
 * what the source does not confirm. Where the destination keeps a port for the migration alone, its class matches that port; otherwise it
 * matches the range from which libvirt chooses one until QEMU is connected.
 *
 * <p>Nothing here keeps nova-compute waiting longer than it waits anyway.
 */
public final class NovaReservation implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NovaReservation.class);

    private final MigrationParts parts;
    private final OngoingMigration run;
    private final HostMetrics metrics;
    private final Consumer<String> note;
    private final Destination destination;
    private final MigrationPort port;
    private RateLoop rates;
    private LibvirtSpeedLimit limit;
    private IncomingTicket ticket;

    /**
     * Nothing is reserved yet.
     *
     * @param metrics counts reservations
     * @param ports   destinations to which migrations with a port of their own failed
     * @param note    receives what an operator should know
     */
    public NovaReservation(
            MigrationParts parts,
            OngoingMigration run,
            HostMetrics metrics,
            PortRefusals ports,
            Consumer<String> note) {
        this.parts = parts;
        this.run = run;
        this.metrics = metrics;
        this.note = note;
        this.destination = new Destination(parts, run, note);
        this.port = new MigrationPort(ports, run, note);
    }

    /**
     * Reserves what the plan wants on both hosts. Where one of them cannot, neither does.
     *
     * @param left      how long nova-compute still waits
     * @param takesPort whether nova-compute passes on a port of the destination
     */
    public void reserve(PreparedMigration plan, Duration left, PeerPace pace, boolean takesPort)
            throws InterruptedException {
        Optional<RateRule> rule = plan.rateRule();
        boolean adapts = rule.isPresent()
                && parts.freeOutbound(plan.destination().migrationAddress()).isPresent();
        if (plan.reservation() == null && !adapts) {
            return;
        }
        // Disks are copied to ports that libvirt chooses, so that the class has to match its range.
        boolean wantsPort = takesPort && plan.migrationCase().diskBytes() == 0 && port.permitted();
        ticket = prepare(plan, pace, pace.patience(run.request().destination(), left), wantsPort);
        if (ticket == null) {
            return;
        }
        if (!ticket.reservationNote().isEmpty()) {
            note.accept("Nothing is reserved, because the destination cannot: " + ticket.reservationNote());
            if (!adapts) {
                destination.abandon();
                return;
            }
        }
        rates = rates(plan, adapts ? rule : Optional.empty());
        try {
            if (plan.reservation() != null && ticket.reservationNote().isEmpty()) {
                rates.reserve(plan.reservation());
            }
            destination.confirm(ticket.plannedPort() == null || port.get().isPresent());
        } catch (IOException e) {
            note.accept("Nothing is reserved, because the source cannot: " + e.getMessage());
            rates.close();
            rates = null;
            port.take(Optional.empty());
            destination.abandon();
        }
    }

    private RateLoop rates(PreparedMigration plan, Optional<RateRule> rule) {
        PortRange matched = port.get().map(PlannedPort::range).orElseGet(this::libvirtPorts);
        Flow flow = new Flow(run.id(), Direction.EGRESS, plan.sourceAddress(), ticket.address(), matched);
        return new RateLoop(
                new FlowReservation(parts.traffic(), flow, metrics::reservation),
                rule,
                new FollowingPeer(destination::rate),
                () -> parts.freeOutbound(ticket.address()),
                note);
    }

    private PortRange libvirtPorts() {
        return parts.traffic().libvirtPorts().orOf(ticket);
    }

    /** The port of this migration alone. */
    public MigrationPort port() {
        return port;
    }

    /**
     * Begins to adapt what is reserved.
     *
     * @param postcopy whether the migration goes over to post-copy
     * @param ceiling  what QEMU's limit is never raised above
     */
    public void start(DomainJobs jobs, boolean postcopy, SpeedCeiling ceiling) {
        if (rates == null) {
            return;
        }
        List<PortRange> ranges = new ArrayList<>(List.of(libvirtPorts()));
        port.get().map(PlannedPort::range).ifPresent(ranges::add);
        limit = new LibvirtSpeedLimit(jobs, run.vm().name(), postcopy, ceiling, () -> transferred() > 0);
        rates.start(new RateLoop.Running(
                this::transferred,
                limit,
                new ConnectedPort(Path.of("/proc"), run.vm().running().pid(), ticket.address(), ranges)));
    }

    private long transferred() {
        Progress progress = run.status().progress();
        return progress == null ? 0 : progress.transferredBytes();
    }

    /** Ends the adapting, and puts QEMU's limit back in a VM that stays on this host. */
    public void end() {
        if (rates != null) {
            rates.stop();
        }
        if (limit != null) {
            limit.restore();
        }
    }

    /** Releases what is reserved on both hosts, and puts QEMU's limit back; does nothing if called again. */
    public void giveUp() {
        end();
        close();
        abandon();
    }

    private IncomingTicket prepare(PreparedMigration plan, PeerPace pace, Duration patience, boolean wantsPort)
            throws InterruptedException {
        Consumer<String> told = plan.reservation() == null ? LOG::info : note;
        if (patience.isZero()) {
            told.accept(
                    "Nothing is reserved: the destination's host driver has lately taken longer than nova-compute waits");
            return null;
        }
        long begin = System.nanoTime();
        CompletableFuture<Prepared> answer = CompletableFuture.supplyAsync(
                () -> {
                    IncomingTicket given = destination.prepare(plan.incoming(run.id(), run.vm()), wantsPort);
                    pace.answered(run.request().destination(), Duration.ofNanos(System.nanoTime() - begin));
                    return new Prepared(given, port.reach(given));
                },
                Destination.THREADS);
        try {
            Prepared prepared = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
            port.take(prepared.port());
            return prepared.ticket();
        } catch (ExecutionException e) {
            told.accept("Nothing is reserved: " + e.getCause().getMessage());
            abandon();
        } catch (TimeoutException e) {
            told.accept("Nothing is reserved: the destination's host driver did not answer within %d ms"
                    .formatted(patience.toMillis()));
            var unused = answer.handleAsync((late, failure) -> {
                abandon();
                return null;
            });
        }
        return null;
    }

    private record Prepared(IncomingTicket ticket, Optional<PlannedPort> port) {}

    /** Has both hosts match libvirt's ports again, because libvirt chooses one now; does nothing for a migration without its own port. */
    public void leavePort() {
        if (port.get().isPresent() && rates != null) {
            rates.leavePort(libvirtPorts());
            destination.confirm(false);
        }
    }

    /** Why the reservation of this host had no effect on the migration that has ended, as a sentence, or nothing if it had one. */
    public Optional<String> unmatched(MigrationInfo ended) {
        return rates == null
                ? Optional.empty()
                : rates.unmatched(ended.progress().transferredBytes());
    }

    /** The bandwidth that is reserved, or zero. */
    public Bandwidth rate() {
        return rates == null ? Bandwidth.ZERO : rates.rate();
    }

    /** How the reservation has gone on; empty if it was not adapted. */
    public Optional<ReservedRates> rates() {
        return rates == null ? Optional.empty() : rates.rates();
    }

    /** Reports the arrival of the VM to the destination, which releases its reservation. */
    public void arrived() {
        destination.arrived();
    }

    /** Has the destination release its reservation, also if it answers late. */
    public void abandon() {
        destination.abandon();
    }

    /** Releases the reservation of this host. */
    @Override
    public void close() {
        if (rates != null) {
            rates.close();
        }
    }
}
