package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.metrics.AdviceKind;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationCancelledException;
import io.github.godwit.host.migrate.MigrationDriver;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.OutcomeReport;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.migrate.libvirt.QmpMigrationOverrides;
import io.github.godwit.host.nova.PendingNovaMigration.Answer;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.permit.OperatorRules;
import io.github.godwit.host.nova.permit.TechniqueRefusals;
import io.github.godwit.host.nova.reserve.NovaReservation;
import io.github.godwit.host.nova.reserve.PeerPace;
import io.github.godwit.host.nova.reserve.PortRefusals;
import io.github.godwit.host.nova.reserve.SpeedCeiling;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.model.proxy.VcpuTimes;
import io.github.godwit.model.technique.LibvirtSettings;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Version;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Nova has libvirt migrate the VM by the technique that is chosen here. The steps: profile, decide, wait for nova-compute's question,
 * reserve bandwidth on both hosts, answer, and follow libvirt's events to the end. Whatever fails here, Nova continues.
 */
final class NovaMigrationDriver implements MigrationDriver {

    /** Part of nova-compute's time that is kept for sending the answer. */
    private static final Duration TO_ANSWER = Duration.ofMillis(150);

    private final MigrationParts parts;
    private final DomainJobs jobs;
    private final Version libvirt;
    private final Runnable forget;
    private final PendingNovaMigration pending;
    private final Surroundings advisor;
    private final LeavingToNova leaving;
    private final List<String> notes = new CopyOnWriteArrayList<>();

    /**
     * What the migrations of a host share.
     *
     * @param refusals        techniques that libvirt refused
     * @param pace            how long other host drivers take
     * @param reservePatience how long they are waited for at most
     * @param metrics         counts refusals
     * @param rules           what the operator permits
     * @param ports           destinations that do not take a port
     * @param recovery        recovers post-copies whose connection broke
     */
    record Surroundings(
            TechniqueRefusals refusals,
            PeerPace pace,
            Duration reservePatience,
            HostMetrics metrics,
            OperatorRules rules,
            PortRefusals ports,
            NovaRecovery recovery) {
        boolean withdrawn() {
            return rules.silence().or(rules::observes).isPresent();
        }

        Optional<String> observes() {
            return rules.observes();
        }
    }

    NovaMigrationDriver(
            MigrationParts parts,
            DomainJobs jobs,
            Version libvirt,
            PendingNovaMigration pending,
            Runnable forget,
            Surroundings advisor) {
        this.parts = parts;
        this.jobs = jobs;
        this.libvirt = libvirt;
        this.forget = forget;
        this.pending = pending;
        this.advisor = advisor;
        this.leaving = new LeavingToNova(parts, pending.wishes());
    }

    @Override
    public boolean outlivesHostDriver() {
        return true;
    }

    @Override
    public Outcome run(OngoingMigration run) throws IOException, InterruptedException, MigrationCancelledException {
        run.wakeBy(() -> pending.tell(new PendingNovaMigration.Wake()));
        run.observed(advisor.observes().isPresent());
        Runnable unlisten =
                jobs.listen(run.vm().name(), event -> pending.tell(new PendingNovaMigration.FromLibvirt(event)));
        try {
            PreparedMigration plan = PreparedMigration.make(
                    run.request(),
                    pending.wishes().excluded(),
                    pending.wishes().reservation(),
                    pending.wishes().copiesDisks(),
                    () -> leaving.profile(run, message -> note(run, message)),
                    run.vm(),
                    parts);
            run.stopIfCancelled();
            Optional<String> left = leaving.unlessBetter(run, plan);
            stopUnlessObserved(left);
            if (advisor.observes().isPresent() && pending.isAnswered()) {
                throw new IOException("the decision came too late to compare it: Nova migrates with its own flags");
            }
            run.chosen(plan);
            notes.addAll(plan.changes());
            NovaMessage question = QuestionWait.question(run, pending);
            left = left.or(() -> leaving.ifForbidden(run, plan));
            stopUnlessObserved(left);
            PreparedMigration permitted = permitted(plan, question);
            Optional<String> observes = advisor.observes();
            run.observed(observes.isPresent());
            return observes.isEmpty()
                    ? migrate(run, permitted, question)
                    : new ObservedMigration(parts, jobs, run, pending, question)
                            .follow(permitted, advisor.rules(), left, observes.get(), notes);
        } catch (MigrationCancelledException e) {
            pending.answer(Answer.own(String.valueOf(e.getMessage())));
            throw e;
        } catch (IOException | RuntimeException e) {
            pending.answer(Answer.failed(String.valueOf(e.getMessage())));
            throw e;
        } finally {
            unlisten.run();
            forget.run();
            pending.answer(Answer.failed("Godwit has given up; see migration " + run.id() + " of the host driver"));
        }
    }

    private void stopUnlessObserved(Optional<String> left) throws MigrationCancelledException {
        if (left.isPresent() && advisor.observes().isEmpty()) {
            throw new MigrationCancelledException(left.get());
        }
    }

    /** A plan was made without the words of the server and its flavor, which may forbid a switch to post-copy. */
    private static PreparedMigration permitted(PreparedMigration plan, NovaMessage question) {
        return NovaQuestion.of(question).constraint().allows(Technique.PRE_POST_COPY) ? plan : plan.withoutFallback();
    }

    private Outcome migrate(OngoingMigration run, PreparedMigration plan, NovaMessage question)
            throws IOException, InterruptedException, MigrationCancelledException {
        Technique technique = plan.decision().technique();
        LibvirtSettings settings =
                LibvirtSettings.of(technique, libvirt, plan.migrationCase().tuning());
        CostMeter cost = new CostMeter(
                run.vm().running().pid(), plan.migrationCase().vm().vcpuUse());
        try (NovaReservation reservation =
                new NovaReservation(parts, run, advisor.metrics(), advisor.ports(), message -> note(run, message))) {
            reservation.reserve(plan, timeToReserve(), advisor.pace(), Boolean.TRUE.equals(question.takesPort()));
            try {
                AdvisedMigration advised = advised(run, technique, question, settings, reservation);
                cost.start();
                Instant startedAt = Instant.now();
                NovaSupervisor supervisor = new NovaSupervisor(jobs, pending, run, cost, advised, plan);
                MigrationInfo last = follow(run, plan, question, settings, supervisor, advised, reservation);
                Optional<VcpuTimes> vcpus = cost.vcpus()
                        .left(
                                () -> parts.peers().apply(run.request().destination()),
                                run.vm().name());
                reservation.unmatched(last).ifPresent(note -> note(run, note));
                reservation.arrived();
                supervisor.changes().forEach(change -> notes.add(change.note()));
                Outcome outcome = new OutcomeReport(
                                run.id(), plan, startedAt, reservation.rate(), reservation.rates(), notes, run.rounds())
                        .outcome(
                                new MigrationEnd(
                                        last,
                                        false,
                                        false,
                                        supervisor.changes(),
                                        advised.recovery().orElse(null)),
                                cost,
                                Heartbeats.NONE,
                                Heartbeats.NONE,
                                vcpus,
                                Optional.empty(),
                                Optional.empty());
                if (supervisor.refusal().isEmpty()) {
                    advised.succeeded();
                    reservation.port().arrived();
                }
                return OutcomeMark.of(
                        outcome,
                        supervisor.refusal().isPresent(),
                        question.flags(),
                        supervisor.diskBytes(),
                        advised.usual(),
                        ran -> parts.predictor().predict(plan.migrationCase(), ran));
            } finally {
                reservation.abandon();
            }
        }
    }

    /** Answers nova-compute and follows the migration until the VM has arrived; otherwise puts back what was set in QEMU. */
    private MigrationInfo follow(
            OngoingMigration run,
            PreparedMigration plan,
            NovaMessage question,
            LibvirtSettings settings,
            NovaSupervisor supervisor,
            AdvisedMigration advised,
            NovaReservation reservation)
            throws IOException, InterruptedException, MigrationCancelledException {
        try {
            answer(run, plan, settings, reservation);
            run.migrating(() -> pending.tell(new PendingNovaMigration.Wake()));
            MigrationInfo last;
            try {
                reservation.start(jobs, plan.mayUsePostcopy(), ceiling(run, question));
                last = supervisor.watch();
            } finally {
                reservation.end(); // also if the host driver stops
            }
            if (last.completed()) {
                return last;
            }
            throw notArrived(run, last, plan.decision().technique(), supervisor.refusal());
        } catch (IOException | RuntimeException | MigrationCancelledException e) {
            advised.lift();
            throw e;
        }
    }

    private AdvisedMigration advised(
            OngoingMigration run,
            Technique technique,
            NovaMessage question,
            LibvirtSettings settings,
            NovaReservation reservation)
            throws QmpException {
        return new AdvisedMigration(
                parts,
                run,
                question,
                technique,
                QmpMigrationOverrides.apply(run.vm(), settings),
                advisor.refusals(),
                advisor.metrics(),
                () -> withdrawn(reservation),
                message -> note(run, message)) {
            @Override
            public void takeBack(FromNova refusal) {
                super.takeBack(refusal);
                reservation.leavePort();
            }

            @Override
            public Optional<PostcopyRecovery> recovery() {
                return advisor.recovery().of(run.vm().name());
            }

            @Override
            public void remember(NovaMessage refusal) {
                // The port may be the reason as well, and the technique has not been tried without it.
                if (reservation.port().get().isPresent() && !Boolean.TRUE.equals(refusal.sent())) {
                    reservation.port().failed(refusal.words());
                } else {
                    super.remember(refusal);
                }
            }
        };
    }

    /** Whether Godwit is switched off; then what it reserves is given up, too. */
    private boolean withdrawn(NovaReservation reservation) {
        boolean withdrawn = advisor.withdrawn();
        if (withdrawn) {
            reservation.giveUp();
        }
        return withdrawn;
    }

    /** What QEMU's limit is never raised above. An older compute driver does not send the operator's limit, which Nova keeps to. */
    private SpeedCeiling ceiling(OngoingMigration run, NovaMessage question) {
        return question.configuration() != null
                ? SpeedCeiling.KNOWN
                : SpeedCeiling.found(run.vm(), parts.profiles().monitorObjection(run.vm()));
    }

    private void answer(
            OngoingMigration run, PreparedMigration plan, LibvirtSettings settings, NovaReservation reservation)
            throws InterruptedException, MigrationCancelledException {
        Technique technique = plan.decision().technique();
        parts.profiles().settle(run.vm(), pending.timeLeft().minus(TO_ANSWER));
        MigrationAdvice answer = MigrationAdvice.of(
                        run.id(),
                        technique,
                        settings,
                        plan.migrationCase().tuning().downtimeLimit(technique),
                        plan.decision().reason(),
                        plan.migrationCase().tuning().postcopyFallback())
                .to(reservation.port().get());
        if (!pending.answer(new Answer(answer, AdviceKind.ADVISED))) {
            throw new MigrationCancelledException("The decision came too late: Nova migrates with its own flags");
        }
    }

    private Duration timeToReserve() {
        Duration left = pending.timeLeft().minus(TO_ANSWER);
        return left.compareTo(advisor.reservePatience()) < 0 ? left : advisor.reservePatience();
    }

    /** How a migration ended whose VM has not arrived. */
    static MigrationCancelledException notArrived(
            OngoingMigration run, MigrationInfo last, Technique advised, Optional<NovaMessage> refusal)
            throws IOException {
        if (run.cancelWanted() || last.status().equals("cancelled")) {
            return new MigrationCancelledException("Cancelled: the VM is here as before");
        }
        String before = refusal.map(said ->
                        " Nova's own flags were used, because %s had failed: %s".formatted(advised, said.words()))
                .orElse("");
        throw new IOException("libvirt ended the migration: %s%s".formatted(last.reason(), before));
    }

    private void note(OngoingMigration run, String message) {
        notes.add(message);
        run.note(message);
    }
}
