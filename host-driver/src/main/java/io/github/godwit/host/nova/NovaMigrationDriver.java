package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationCancelledException;
import io.github.godwit.host.migrate.MigrationDriver;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.OutcomeReport;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.PendingNovaMigration.Signal;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.IncomingTicket;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.select.IntervalComparison;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Nova has libvirt migrate the VM by the technique that is chosen here. The steps: profile, decide, wait for nova-compute's question,
 * reserve bandwidth on both hosts, answer, and follow libvirt's events to the end. Whatever fails here, Nova continues.
 */
final class NovaMigrationDriver implements MigrationDriver {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMigrationDriver.class);

    /** From the decision to nova-compute's question: Nova's scheduler, its checks on both hosts, the destination's preparation. */
    private static final Duration QUESTION = Duration.ofMinutes(2);

    /** Part of nova-compute's time that is kept for sending the answer. */
    private static final Duration TO_ANSWER = Duration.ofMillis(150);

    private final MigrationParts parts;
    private final DomainJobs jobs;
    private final Version libvirt;
    private final Runnable forget;
    private final PendingNovaMigration pending;
    private final Duration reservePatience;
    private final List<String> notes = new ArrayList<>();
    private boolean prepared;

    NovaMigrationDriver(
            MigrationParts parts,
            DomainJobs jobs,
            Version libvirt,
            PendingNovaMigration pending,
            Runnable forget,
            Duration reservePatience) {
        this.parts = parts;
        this.jobs = jobs;
        this.libvirt = libvirt;
        this.forget = forget;
        this.pending = pending;
        this.reservePatience = reservePatience;
    }

    @Override
    public boolean outlivesHostDriver() {
        return true;
    }

    @Override
    public Outcome run(OngoingMigration run) throws IOException, InterruptedException, MigrationCancelledException {
        run.wakeBy(() -> pending.tell(new PendingNovaMigration.Wake()));
        Runnable unlisten =
                jobs.listen(run.vm().name(), event -> pending.tell(new PendingNovaMigration.FromLibvirt(event)));
        try {
            PreparedMigration plan = PreparedMigration.make(
                    run.request(),
                    pending.wishes().excluded(),
                    pending.wishes().reservation(),
                    () -> profile(run),
                    run.vm(),
                    parts);
            run.stopIfCancelled();
            leaveToNovaUnlessBetter(run, plan);
            run.chosen(plan);
            notes.addAll(plan.changes());
            awaitQuestion(run);
            leaveToNovaIfForbidden(plan.decision().technique());
            return migrate(run, plan);
        } catch (IOException | RuntimeException | MigrationCancelledException e) {
            pending.answer(MigrationAdvice.own(String.valueOf(e.getMessage())));
            if (prepared) {
                abandon(run);
            }
            throw e;
        } finally {
            unlisten.run();
            forget.run();
            pending.answer(
                    MigrationAdvice.own("Godwit has given up; see migration " + run.id() + " of the host driver"));
        }
    }

    /**
     * The profile of the VM. A planned migration, or one with a pinned technique, goes ahead even if nothing can be measured in time; any
     * other VM that cannot be profiled is left to Nova.
     */
    private VmProfile profile(OngoingMigration run) throws IOException, InterruptedException {
        try {
            return parts.profiles().of(run.vm(), pending.wishes().patience());
        } catch (IOException e) {
            if (pending.wishes().usual().isPresent() && run.request().technique() == null) {
                throw e;
            }
            note(run, e.getMessage());
            return VmProfile.unmeasured(run.vm().running().definition());
        }
    }

    /** For a VM that is only partly known, the choice must be better than Nova's own flags whatever the unknown part turns out to be. */
    private void leaveToNovaUnlessBetter(OngoingMigration run, PreparedMigration plan)
            throws MigrationCancelledException {
        Optional<Technique> usual = pending.wishes().usual();
        VmProfile vm = plan.migrationCase().vm();
        if (usual.isEmpty() || vm.missing().isEmpty() || run.request().technique() != null) {
            return;
        }
        Technique chosen = plan.decision().technique();
        IntervalComparison comparison = new IntervalComparison(
                run.request().policyFrom(parts.policies().get()).orElseThrow());
        if (chosen != usual.get()
                && !comparison.isBetter(
                        plan.decision().prediction(), parts.predictor().predict(plan.migrationCase(), usual.get()))) {
            throw new MigrationCancelledException(
                    "Nova's own flags: it is not certain that %s is better than %s.%s"
                            .formatted(chosen, usual.get(), vm.caveats()),
                    null);
        }
    }

    /** nova-compute may have sent another configuration since the decision. */
    private void leaveToNovaIfForbidden(Technique chosen) throws MigrationCancelledException {
        Optional<String> prohibition = parts.host().get().capabilities().prohibition(chosen);
        if (prohibition.isPresent()) {
            throw new MigrationCancelledException("Nova's own flags: %s %s.".formatted(chosen, prohibition.get()));
        }
    }

    private void awaitQuestion(OngoingMigration run) throws InterruptedException, MigrationCancelledException {
        long deadline = System.nanoTime() + QUESTION.toNanos();
        while (true) {
            Signal signal = pending.next(Duration.ofNanos(deadline - System.nanoTime()));
            run.stopIfCancelled();
            if (signal == null) {
                throw new MigrationCancelledException("nova-compute did not ask within " + QUESTION.toSeconds() + " s");
            }
            if (signal instanceof FromNova nova) {
                if (nova.message().message() == NovaMessage.Kind.ASK) {
                    return;
                }
                if (nova.message().message().isEnd()) {
                    throw new MigrationCancelledException(
                            "Nova gave up: " + nova.message().words());
                }
            }
        }
    }

    private Outcome migrate(OngoingMigration run, PreparedMigration plan)
            throws IOException, InterruptedException, MigrationCancelledException {
        LibvirtSettings settings = LibvirtSettings.of(
                plan.decision().technique(), libvirt, plan.migrationCase().tuning());
        CostMeter cost = new CostMeter(
                run.vm().running().pid(), plan.migrationCase().vm().vcpuUse());
        try (Reservation reservation = reserve(run, plan)) {
            QmpMigrationOverrides.apply(run.vm(), settings);
            cost.start();
            Instant startedAt = Instant.now();
            MigrationAdvice answer = MigrationAdvice.of(
                    run.id(),
                    plan.decision().technique(),
                    settings,
                    plan.migrationCase().tuning().downtimeLimit(plan.decision().technique()),
                    plan.decision().reason());
            if (!pending.answer(answer)) {
                throw new MigrationCancelledException("The decision came too late: Nova migrates with its own flags");
            }
            run.migrating(() -> pending.tell(new PendingNovaMigration.Wake()));
            MigrationInfo last = new NovaSupervisor(jobs, pending, run, cost).watch();
            if (!last.completed()) {
                QmpMigrationOverrides.lift(run.vm(), settings);
                throw notArrived(run, last);
            }
            Heartbeats there = arrive(run);
            return new OutcomeReport(
                            run.id(), plan, startedAt, reservation == null ? Bandwidth.ZERO : reservation.rate(), notes)
                    .outcome(new MigrationEnd(last, false, false), cost, Heartbeats.NONE, there);
        }
    }

    private static MigrationCancelledException notArrived(OngoingMigration run, MigrationInfo last) throws IOException {
        if (run.cancelWanted() || last.status().equals("cancelled")) {
            return new MigrationCancelledException("Cancelled: the VM is here as before");
        }
        throw new IOException("libvirt ended the migration: " + last.reason());
    }

    private Reservation reserve(OngoingMigration run, PreparedMigration plan) throws InterruptedException {
        if (plan.reservation() == null) {
            return null;
        }
        IncomingTicket ticket = prepare(run, plan);
        if (ticket == null) {
            return null;
        }
        if (!ticket.reservationNote().isEmpty()) {
            note(run, "Nothing is reserved on the destination: " + ticket.reservationNote());
        }
        Flow flow = new Flow(run.id(), Direction.EGRESS, plan.sourceAddress(), ticket.address(), PortRange.LIBVIRT);
        try {
            return parts.traffic().reserve(flow, plan.reservation());
        } catch (IOException e) {
            note(run, "Nothing is reserved on the source: " + e.getMessage());
            return null;
        }
    }

    /**
     * The destination reserves bandwidth, if it says so while nova-compute still waits. Where it
     * answers later, its reservation is lifted and neither host reserves.
     */
    private IncomingTicket prepare(OngoingMigration run, PreparedMigration plan) throws InterruptedException {
        CompletableFuture<IncomingTicket> ticket = CompletableFuture.supplyAsync(
                () -> parts.peers().apply(run.request().destination()).prepare(plan.incoming(run.id(), run.vm())));
        Duration left = pending.timeLeft().minus(TO_ANSWER);
        Duration patience = left.compareTo(reservePatience) < 0 ? left : reservePatience;
        try {
            IncomingTicket given = ticket.get(Math.max(0, patience.toMillis()), TimeUnit.MILLISECONDS);
            prepared = true;
            return given;
        } catch (ExecutionException e) {
            note(run, "Nothing is reserved: " + e.getCause().getMessage());
            withdraw(run, ticket);
        } catch (TimeoutException e) {
            note(
                    run,
                    "Nothing is reserved: the destination's host driver did not answer within %d ms"
                            .formatted(Math.max(0, patience.toMillis())));
            withdraw(run, ticket);
        }
        return null;
    }

    /** Not on this thread: nova-compute waits, and a host driver that was late once may be late again. */
    private void withdraw(OngoingMigration run, CompletableFuture<IncomingTicket> ticket) {
        var unused = ticket.handleAsync((late, failure) -> {
            abandon(run);
            return null;
        });
    }

    private void note(OngoingMigration run, String message) {
        notes.add(message);
        run.note(message);
    }

    private Heartbeats arrive(OngoingMigration run) {
        if (!prepared) {
            return Heartbeats.NONE;
        }
        try {
            return parts.peers().apply(run.request().destination()).finish(run.id());
        } catch (HostDriverException e) {
            if (!e.notFound()) {
                note(run, "The arrival could not be reported to the destination: " + e.getMessage());
            }
            return Heartbeats.NONE;
        }
    }

    private void abandon(OngoingMigration run) {
        try {
            parts.peers().apply(run.request().destination()).abandon(run.id());
        } catch (HostDriverException e) {
            LOG.info("The end of migration {} could not be reported to the destination: {}", run.id(), e.getMessage());
        }
    }
}
