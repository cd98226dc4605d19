package io.github.godwit.host.migrate.steps;

import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationCancelledException;
import io.github.godwit.host.migrate.MigrationDriver;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.OutcomeReport;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.migrate.rate.FlowReservation;
import io.github.godwit.host.migrate.rate.FollowingPeer;
import io.github.godwit.host.migrate.rate.RateLoop;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.PostcopyWaits;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.hostapi.scatter.Gathering;
import io.github.godwit.model.proxy.VcpuTimes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The steps of one migration on the source, from profile to outcome, with whatever {@link MigrationEngine} runs it. */
public final class SteppedMigrationDriver implements MigrationDriver {

    private static final Logger LOG = LoggerFactory.getLogger(SteppedMigrationDriver.class);

    /** QEMU cancels within milliseconds unless its main loop is busy. */
    private static final Duration CANCEL_PATIENCE = Duration.ofSeconds(10);

    /**
     * In QEMU 10.0 the migration thread may wait for ever for a multifd channel that ended silently while another channel reported
     * the closed connection. Only the end of that QEMU helps.
     */
    private static final String STUCK =
            "QEMU did not end the cancelled migration within %d s: the VM runs here, but cannot be migrated until it is restarted."
                    .formatted(CANCEL_PATIENCE.toSeconds());

    /** More than the longest window in which a VM is profiled. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    private static final double MILLIS = 1e3;

    private final MigrationParts parts;
    private final MigrationEngine engine;
    private final Vm vm;
    private final List<String> notes = new CopyOnWriteArrayList<>();

    /**
     * The driver of one migration.
     *
     * @param parts  what it works with
     * @param engine what runs it
     */
    public SteppedMigrationDriver(MigrationParts parts, MigrationEngine engine) {
        this.parts = parts;
        this.engine = engine;
        this.vm = engine.vm();
    }

    @Override
    public void begin(OngoingMigration run) throws IOException {
        engine.begin(run);
    }

    @Override
    public void left() {
        engine.left();
    }

    @Override
    public void stay() throws IOException {
        engine.stay();
    }

    @Override
    public Outcome run(OngoingMigration run) throws IOException, InterruptedException, MigrationCancelledException {
        PreparedMigration plan = PreparedMigration.make(run.request(), vm, parts);
        run.stopIfCancelled();
        run.chosen(plan);
        notes.addAll(plan.changes());
        Attempt attempt = Attempt.first(
                plan,
                new CostMeter(vm.running().pid(), plan.migrationCase().vm().vcpuUse()));
        Sent sent = prepareAndSend(run, attempt);
        if (sent.outcome().isEmpty()) {
            sent = prepareAndSend(run, beginAgain(run, attempt, sent));
        }
        return sent.outcome().orElseThrow();
    }

    /** When an attempt began to send, how it ended, and its outcome, unless the migration is begun again. */
    private record Sent(Instant startedAt, MigrationEnd end, Optional<Outcome> outcome) {}

    /** The second attempt; the first has left nothing on the destination. */
    private Attempt beginAgain(OngoingMigration run, Attempt first, Sent sent)
            throws IOException, MigrationCancelledException {
        stayHere(run);
        run.stopIfCancelled();
        PreparedMigration again =
                first.plan().begunAgain(sent.end().again().orElseThrow().attempt());
        Optional<String> obstacle = again.obstacle(vm, parts);
        if (obstacle.isPresent()) {
            throw new IOException("It was cancelled to be begun again by %s, which %s. The VM is here as before."
                    .formatted(again.decision().technique(), obstacle.get()));
        }
        run.begunAgain(again);
        return first.again(again, sent.end(), sent.startedAt());
    }

    private Sent prepareAndSend(OngoingMigration run, Attempt attempt)
            throws IOException, InterruptedException, MigrationCancelledException {
        IncomingTicket ticket = parts.peers()
                .apply(run.request().destination())
                .incoming()
                .prepare(attempt.plan().incoming(run.id(), vm));
        try {
            return send(run, attempt, ticket);
        } catch (IOException | RuntimeException | InterruptedException | MigrationCancelledException e) {
            if (run.status().phase() != Phase.POSTCOPY) {
                stayHere(run);
            }
            throw e;
        }
    }

    private Sent send(OngoingMigration run, Attempt attempt, IncomingTicket ticket)
            throws IOException, InterruptedException, MigrationCancelledException {
        PreparedMigration plan = attempt.plan();
        CostMeter cost = attempt.cost();
        parts.profiles().settle(vm, SETTLING);
        try (RateLoop rates = rates(run, plan, ticket);
                RunningMigration migration = engine.prepare(plan, ticket)) {
            run.stopIfCancelled();
            if (attempt.isFirst()) {
                run.migrating(migration::wake);
                cost.start();
            } else {
                run.wakeBy(migration::wake);
            }
            Instant startedAt = Instant.now();
            migration.start();
            rates.start(migration.rates(() -> transferred(run), plan.mayUsePostcopy()));
            MigrationEnd ended = new Supervisor(
                            migration,
                            plan.decision().technique(),
                            plan.migrationCase().tuning(),
                            plan.watch(parts.policies().get(), migration.canRaiseThrottle()),
                            CANCEL_PATIENCE,
                            new Rejoining(parts.recovery(), () -> listenAgain(run, rates)),
                            run,
                            cost)
                    .watch();
            ended.changes().forEach(change -> notes.add(change.note()));
            rates.stop();
            if (ended.stuck()) {
                note(run, STUCK);
            }
            if (ended.again().isPresent() && !run.cancelWanted()) {
                return new Sent(startedAt, ended, Optional.empty());
            }
            MigrationEnd end = attempt.whole(ended, startedAt);
            if (!end.info().completed() && !end.cancelledLate()) {
                throwFor(run, end);
            }
            rates.unmatched(ended.info().progress().transferredBytes()).ifPresent(warning -> note(run, warning));
            // Before the destination waits for a heartbeat, which a guest may not send.
            Optional<VcpuTimes> vcpus = end.info().completed()
                    ? cost.vcpus().left(() -> parts.peers().apply(run.request().destination()), vm.name())
                    : cost.vcpus().stayed();
            Instant began = attempt.began(startedAt);
            Heartbeats here = vm.heartbeats().since(began);
            Optional<Gathering> gathering = Optional.empty();
            boolean scattered = end.info().completed() && plan.scatter() != null && end.recovery() == null;
            if (scattered) {
                gathering = gather(run, plan, end);
                end = end.later(Duration.between(startedAt, Instant.now()));
            }
            Optional<PostcopyWaits> waits =
                    end.info().completed() && plan.mayUsePostcopy() ? waits(run) : Optional.empty();
            Heartbeats there = end.info().completed() ? arrive(run) : Heartbeats.NONE;
            Outcome outcome = new OutcomeReport(run.id(), plan, began, rates.rate(), rates.rates(), notes, run.rounds())
                    .outcome(end, cost, here, there, vcpus, waits, gathering);
            if (!end.info().completed()) {
                throw new MigrationCancelledException(
                        "Cancelled: it did not converge within its time limit of "
                                + plan.migrationCase().tuning().timeLimit(),
                        outcome);
            }
            if (!scattered) {
                engine.leave();
            }
            return new Sent(startedAt, end, Optional.of(outcome));
        }
    }

    /** The source is free: its QEMU ends now, and the destination goes on alone. */
    private Optional<Gathering> gather(OngoingMigration run, PreparedMigration plan, MigrationEnd end)
            throws IOException, InterruptedException {
        engine.leave();
        long eviction = end.info().progress().elapsedMillis();
        run.note("The source is free after %.1f s; the destination gathers the rest".formatted(eviction / MILLIS));
        HostDriverClient destination = parts.peers().apply(run.request().destination());
        return new GatherWait(
                        () -> destination.incoming().gathering(run.id()),
                        parts.recovery().limit())
                .await()
                .map(status -> new Gathering(
                        eviction,
                        plan.scatter().intermediaries().size(),
                        plan.scatter().copies(),
                        status.asked(),
                        status.medianMillis()));
    }

    private static void throwFor(OngoingMigration run, MigrationEnd end)
            throws IOException, MigrationCancelledException {
        if (run.cancelWanted()) {
            throw new MigrationCancelledException("Cancelled: the VM is here as before");
        }
        throw new IOException("QEMU ended the migration (%s): %s"
                .formatted(end.info().status(), end.info().reason()));
    }

    private static long transferred(OngoingMigration run) {
        Progress progress = run.status().progress();
        return progress == null ? 0 : progress.transferredBytes();
    }

    /** The bandwidth of the migration, with what is reserved at the beginning. */
    private RateLoop rates(OngoingMigration run, PreparedMigration plan, IncomingTicket ticket) {
        Flow flow = new Flow(
                run.id(),
                Direction.EGRESS,
                plan.sourceAddress(),
                ticket.address(),
                PortRange.of(ticket.port()).orOf(ticket));
        RateLoop rates = new RateLoop(
                new FlowReservation(parts.traffic(), flow, change -> {}),
                plan.rateRule(),
                new FollowingPeer(rate -> parts.peers()
                        .apply(run.request().destination())
                        .incoming()
                        .rate(run.id(), rate)),
                () -> parts.freeOutbound(ticket.address()),
                message -> note(run, message));
        reserve(run, plan, ticket, rates);
        return rates;
    }

    private void reserve(OngoingMigration run, PreparedMigration plan, IncomingTicket ticket, RateLoop rates) {
        if (plan.reservation() == null) {
            return;
        }
        if (!ticket.reservationNote().isEmpty()) {
            note(run, "Nothing is reserved on the destination: " + ticket.reservationNote());
        }
        try {
            rates.reserve(plan.reservation());
        } catch (IOException e) {
            note(run, "Nothing is reserved on the source: " + e.getMessage());
        }
    }

    private void note(OngoingMigration run, String message) {
        notes.add(message);
        run.note(message);
    }

    /** Has the destination listen again for post-copy whose connection broke; the reservation of this host goes with it. */
    private IncomingTicket listenAgain(OngoingMigration run, RateLoop rates) {
        IncomingTicket ticket =
                parts.peers().apply(run.request().destination()).incoming().recover(run.id());
        rates.goOnAt(PortRange.of(ticket.port()));
        if (!ticket.reservationNote().isEmpty()) {
            note(run, "Nothing is reserved on the destination any more: " + ticket.reservationNote());
        }
        return ticket;
    }

    private Optional<PostcopyWaits> waits(OngoingMigration run) {
        try {
            return Optional.of(
                    parts.peers().apply(run.request().destination()).incoming().waits(run.id()));
        } catch (HostDriverException e) {
            LOG.debug("The destination of migration {} does not know how long the vCPUs waited", run.id(), e);
            return Optional.empty();
        }
    }

    /** QEMU's return path has confirmed that the VM is loaded there, so it runs even where its new host driver does not. */
    private Heartbeats arrive(OngoingMigration run) {
        try {
            return parts.peers().apply(run.request().destination()).incoming().finish(run.id());
        } catch (HostDriverException e) {
            note(run, "The VM has arrived, but its new host driver has not taken it over yet: " + e.getMessage());
            return Heartbeats.NONE;
        }
    }

    /** The destination releases what it prepared, and the VM continues here. */
    private void stayHere(OngoingMigration run) {
        engine.stayHere(() -> release(run), run::note);
    }

    private boolean release(OngoingMigration run) {
        try {
            parts.peers().apply(run.request().destination()).incoming().abandon(run.id());
            return true;
        } catch (HostDriverException e) {
            LOG.warn("The end of migration {} could not be reported to the destination: {}", run.id(), e.getMessage());
            if (e.conflict()) { // it runs there, which QEMU here has not reported
                run.inPostcopy();
            }
            return e.notFound();
        }
    }
}
