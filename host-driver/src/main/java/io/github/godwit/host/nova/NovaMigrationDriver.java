package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationDriver;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.MigrationRun;
import io.github.godwit.host.migrate.MigrationRun.CancelledException;
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
 * Nova has libvirt migrate the VM, in the way that is decided here: profile, decide, wait for nova-compute to ask, keep
 * bandwidth on both hosts, answer, and follow what libvirt tells to the end. Whatever goes wrong here, Nova goes on.
 */
final class NovaMigrationDriver implements MigrationDriver {

    private static final Logger LOG = LoggerFactory.getLogger(NovaMigrationDriver.class);

    /** From the decision to nova-compute's question: the scheduler, checks on both hosts, the destination's preparation. */
    private static final Duration QUESTION = Duration.ofMinutes(2);

    /** What is needed of nova-compute's time to give it the answer. */
    private static final Duration TO_ANSWER = Duration.ofMillis(150);

    private final MigrationParts parts;
    private final DomainJobs jobs;
    private final Version libvirt;
    private final NovaMigrationAdvisor desk;
    private final PendingNovaMigration handover;
    private final Duration reservePatience;
    private final List<String> notes = new ArrayList<>();
    private boolean prepared;

    NovaMigrationDriver(
            MigrationParts parts,
            DomainJobs jobs,
            Version libvirt,
            NovaMigrationAdvisor desk,
            PendingNovaMigration handover,
            Duration reservePatience) {
        this.parts = parts;
        this.jobs = jobs;
        this.libvirt = libvirt;
        this.desk = desk;
        this.handover = handover;
        this.reservePatience = reservePatience;
    }

    @Override
    public boolean outlivesAgent() {
        return true;
    }

    @Override
    public Outcome carryOut(MigrationRun run) throws IOException, InterruptedException, CancelledException {
        run.wakeBy(() -> handover.tell(new PendingNovaMigration.Wake()));
        Runnable unlisten =
                jobs.listen(run.vm().name(), event -> handover.tell(new PendingNovaMigration.FromLibvirt(event)));
        try {
            PreparedMigration plan = PreparedMigration.make(
                    run.request(),
                    handover.wishes().excluded(),
                    handover.wishes().reservation(),
                    () -> profile(run),
                    run.vm(),
                    parts);
            run.stopIfCancelled();
            leaveToNovaUnlessBetter(run, plan);
            run.chosen(plan);
            notes.addAll(plan.changes());
            awaitQuestion(run);
            return migrate(run, plan);
        } catch (IOException | RuntimeException | CancelledException e) {
            handover.answer(MigrationAdvice.own(String.valueOf(e.getMessage())));
            if (prepared) {
                abandon(run);
            }
            throw e;
        } finally {
            unlisten.run();
            desk.forget(run.vm().name(), handover);
            handover.answer(MigrationAdvice.own("Godwit has given it up; see its migration " + run.id()));
        }
    }

    /**
     * Where a plan has decided, or the operator wants a technique, also of a VM of which nothing can be measured in time; else such a VM is
     * left to Nova.
     */
    private VmProfile profile(MigrationRun run) throws IOException, InterruptedException {
        try {
            return parts.profiles().of(run.vm(), handover.wishes().patience());
        } catch (IOException e) {
            if (handover.wishes().usual().isPresent() && run.request().technique() == null) {
                throw e;
            }
            note(run, e.getMessage());
            return VmProfile.unmeasured(run.vm().running().definition());
        }
    }

    /** Of a VM that is known in part, the choice must be better than Nova's own flags however the unknown turns out. */
    private void leaveToNovaUnlessBetter(MigrationRun run, PreparedMigration plan) throws CancelledException {
        Optional<Technique> usual = handover.wishes().usual();
        VmProfile vm = plan.migrationCase().vm();
        if (usual.isEmpty() || vm.missing().isEmpty() || run.request().technique() != null) {
            return;
        }
        Technique chosen = plan.decision().technique();
        IntervalComparison comparison =
                new IntervalComparison(parts.policies().get(run.request().policy()));
        if (chosen != usual.get()
                && !comparison.isBetter(
                        plan.decision().prediction(), parts.predictor().predict(plan.migrationCase(), usual.get()))) {
            throw new CancelledException(
                    "Nova's own flags: it is not certain that %s is better than %s.%s"
                            .formatted(chosen, usual.get(), vm.caveats()),
                    null);
        }
    }

    private void awaitQuestion(MigrationRun run) throws InterruptedException, CancelledException {
        long deadline = System.nanoTime() + QUESTION.toNanos();
        while (true) {
            Signal signal = handover.next(Duration.ofNanos(deadline - System.nanoTime()));
            run.stopIfCancelled();
            if (signal == null) {
                throw new CancelledException("Nova did not ask for it within " + QUESTION.toSeconds() + " s", null);
            }
            if (signal instanceof FromNova nova) {
                if (nova.message().message() == NovaMessage.Kind.ASK) {
                    return;
                }
                if (nova.message().message().isEnd()) {
                    throw new CancelledException(
                            "Nova gave it up: " + nova.message().words(), null);
                }
            }
        }
    }

    private Outcome migrate(MigrationRun run, PreparedMigration plan)
            throws IOException, InterruptedException, CancelledException {
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
            if (!handover.answer(answer)) {
                throw new CancelledException("The decision came too late: Nova migrates with its own flags", null);
            }
            run.migrating(() -> handover.tell(new PendingNovaMigration.Wake()));
            MigrationInfo last = new NovaSupervisor(jobs, handover, run, cost).watch();
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

    private static CancelledException notArrived(MigrationRun run, MigrationInfo last) throws IOException {
        if (run.cancelWanted() || last.status().equals("cancelled")) {
            return new CancelledException("Cancelled: the VM is here as before", null);
        }
        throw new IOException("libvirt ended the migration: " + last.reason());
    }

    private Reservation reserve(MigrationRun run, PreparedMigration plan) throws InterruptedException {
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
    private IncomingTicket prepare(MigrationRun run, PreparedMigration plan) throws InterruptedException {
        CompletableFuture<IncomingTicket> ticket = CompletableFuture.supplyAsync(
                () -> parts.peers().apply(run.request().destination()).prepare(plan.incoming(run.id(), run.vm())));
        Duration left = handover.timeLeft().minus(TO_ANSWER);
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
                            .formatted(patience.toMillis()));
            withdraw(run, ticket);
        }
        return null;
    }

    /** Not on this thread: nova-compute waits, and a host driver that was late once may be late again. */
    private void withdraw(MigrationRun run, CompletableFuture<IncomingTicket> ticket) {
        var unused = ticket.handleAsync((late, failure) -> {
            abandon(run);
            return null;
        });
    }

    private void note(MigrationRun run, String message) {
        notes.add(message);
        run.note(message);
    }

    private Heartbeats arrive(MigrationRun run) {
        if (!prepared) {
            return Heartbeats.NONE;
        }
        try {
            return parts.peers().apply(run.request().destination()).finish(run.id());
        } catch (HostDriverException e) {
            if (!e.notFound()) {
                note(run, "The destination could not be told that the VM has arrived: " + e.getMessage());
            }
            return Heartbeats.NONE;
        }
    }

    private void abandon(MigrationRun run) {
        try {
            parts.peers().apply(run.request().destination()).abandon(run.id());
        } catch (HostDriverException e) {
            LOG.info("The destination of migration {} could not be told that it is over: {}", run.id(), e.getMessage());
        }
    }
}
