package io.github.godwit.host.nova;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bandwidth of one migration: reserved on both hosts, or on none. The destination releases what the source does not confirm.
 *
 * <p>Nothing here keeps nova-compute waiting longer than it waits anyway.
 */
final class NovaReservation implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NovaReservation.class);

    /** How often a message that must not get lost is sent to the destination, each time after twice the pause. */
    private static final int TRIES = 6;

    /** Of its own, because a host driver that hangs must not delay messages to others. */
    private static final Executor THREADS = task -> DaemonThreads.start("reservation", task);

    private final MigrationParts parts;
    private final OngoingMigration run;
    private final HostMetrics metrics;
    private final Consumer<String> note;
    private Reservation here;
    private volatile boolean there;

    /**
     * Nothing is reserved yet.
     *
     * @param metrics counts reservations
     * @param note    receives what an operator should know
     */
    NovaReservation(MigrationParts parts, OngoingMigration run, HostMetrics metrics, Consumer<String> note) {
        this.parts = parts;
        this.run = run;
        this.metrics = metrics;
        this.note = note;
    }

    /**
     * Reserves what the plan wants on both hosts. Where one of them cannot, neither does.
     *
     * @param left how long nova-compute still waits
     */
    void reserve(PreparedMigration plan, Duration left, PeerPace pace) throws InterruptedException {
        if (plan.reservation() == null) {
            return;
        }
        IncomingTicket ticket = prepare(plan, pace, pace.patience(run.request().destination(), left));
        if (ticket == null) {
            return;
        }
        if (!ticket.reservationNote().isEmpty()) {
            note.accept("Nothing is reserved, because the destination cannot: " + ticket.reservationNote());
            abandon();
            return;
        }
        Flow flow = new Flow(
                run.id(),
                Direction.EGRESS,
                plan.sourceAddress(),
                ticket.address(),
                parts.traffic().libvirtPorts().orOf(ticket));
        try {
            here = parts.traffic().reserve(flow, plan.reservation());
            metrics.reservation(1);
            tellPeer(peer -> peer.confirm(run.id()), 1);
        } catch (IOException e) {
            note.accept("Nothing is reserved, because the source cannot: " + e.getMessage());
            abandon();
        }
    }

    private IncomingTicket prepare(PreparedMigration plan, PeerPace pace, Duration patience)
            throws InterruptedException {
        if (patience.isZero()) {
            note.accept(
                    "Nothing is reserved: the destination's host driver has lately taken longer than nova-compute waits");
            return null;
        }
        long begin = System.nanoTime();
        there = true;
        CompletableFuture<IncomingTicket> ticket = CompletableFuture.supplyAsync(
                () -> {
                    IncomingTicket given = peer().prepareToConfirm(plan.incoming(run.id(), run.vm()));
                    pace.answered(run.request().destination(), Duration.ofNanos(System.nanoTime() - begin));
                    return given;
                },
                THREADS);
        try {
            return ticket.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            note.accept("Nothing is reserved: " + e.getCause().getMessage());
            abandon();
        } catch (TimeoutException e) {
            note.accept("Nothing is reserved: the destination's host driver did not answer within %d ms"
                    .formatted(patience.toMillis()));
            var unused = ticket.handleAsync((late, failure) -> {
                abandon();
                return null;
            });
        }
        return null;
    }

    /** Why the reservation of this host had no effect on the migration that has ended, as a sentence, or nothing if it had one. */
    Optional<String> unmatched(MigrationInfo ended) {
        return here == null ? Optional.empty() : here.unmatched(ended.progress().transferredBytes());
    }

    /** The bandwidth that is reserved, or zero. */
    Bandwidth rate() {
        return here == null ? Bandwidth.ZERO : here.rate();
    }

    /** Reports the arrival of the VM to the destination, which releases its reservation. */
    void arrived() {
        if (!there) {
            return;
        }
        there = false;
        try {
            Heartbeats unused = peer().finish(run.id());
        } catch (HostDriverException e) {
            if (!e.notFound()) {
                note.accept("The arrival could not be reported to the destination: " + e.getMessage());
                tellPeer(peer -> peer.abandon(run.id()), 1);
            }
        }
    }

    /** Has the destination release its reservation, also if it answers late. Not on this thread: nova-compute may be waiting. */
    synchronized void abandon() {
        if (there) {
            there = false;
            tellPeer(peer -> peer.abandon(run.id()), 1);
        }
    }

    private void tellPeer(Consumer<HostDriverClient> message, int attempt) {
        Duration pause = attempt == 1 ? Duration.ZERO : Duration.ofSeconds(1L << (attempt - 2));
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS, THREADS)
                .execute(() -> {
                    try {
                        message.accept(peer());
                    } catch (HostDriverException e) {
                        if (e.refused()) {
                            LOG.debug("The destination does not know migration {} any more", run.id(), e);
                        } else if (attempt < TRIES) {
                            tellPeer(message, attempt + 1);
                        } else {
                            LOG.warn(
                                    "The destination of migration {} cannot be reached, and keeps its reservation as long as QEMU receives: {}",
                                    run.id(),
                                    e.getMessage());
                        }
                    }
                });
    }

    private HostDriverClient peer() {
        return parts.peers().apply(run.request().destination());
    }

    /** Releases the reservation of this host. */
    @Override
    public void close() {
        if (here != null) {
            here.close();
            metrics.reservation(-1);
        }
    }
}
