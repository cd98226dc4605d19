package io.github.godwit.host.nova;

import io.github.godwit.host.libvirt.DomainJobs;
import io.github.godwit.host.metrics.AdviceKind;
import io.github.godwit.host.migrate.CostMeter;
import io.github.godwit.host.migrate.MigrationCancelledException;
import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.host.migrate.MigrationParts;
import io.github.godwit.host.migrate.OngoingMigration;
import io.github.godwit.host.migrate.OutcomeReport;
import io.github.godwit.host.migrate.PreparedMigration;
import io.github.godwit.host.nova.NovaSupervisionEvent.Place;
import io.github.godwit.host.nova.PendingNovaMigration.Answer;
import io.github.godwit.host.nova.PendingNovaMigration.FromNova;
import io.github.godwit.host.nova.permit.NovaFlags;
import io.github.godwit.host.nova.permit.OperatorRules;
import io.github.godwit.hostapi.Heartbeats;
import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.ObservedChoice;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.proxy.VcpuTimes;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A migration that Nova runs with its own flags while Godwit only observes: nothing is set in QEMU, reserved, changed or aborted. It is
 * predicted and measured as Nova runs it, and the outcome has what Godwit would have chosen.
 */
final class ObservedMigration implements NovaSupervisor.Surroundings {

    private final MigrationParts parts;
    private final DomainJobs jobs;
    private final OngoingMigration run;
    private final PendingNovaMigration pending;
    private final NovaMessage question;

    ObservedMigration(
            MigrationParts parts,
            DomainJobs jobs,
            OngoingMigration run,
            PendingNovaMigration pending,
            NovaMessage question) {
        this.parts = parts;
        this.jobs = jobs;
        this.run = run;
        this.pending = pending;
        this.question = question;
    }

    /**
     * Has nova-compute use Nova's own flags, and follows the migration to its end.
     *
     * @param choice   what Godwit would do
     * @param rules    what Nova's own flags amount to
     * @param left     why Godwit would leave the migration to Nova; empty if it would not
     * @param observes why it only observes
     * @param notes    what an operator should know
     */
    Outcome follow(
            PreparedMigration choice, OperatorRules rules, Optional<String> left, String observes, List<String> notes)
            throws IOException, InterruptedException, MigrationCancelledException {
        // A policy that is deleted meanwhile must not hide what was measured.
        Optional<SloPolicy> policy = run.request().policyFrom(parts.policies().get());
        CostMeter cost = new CostMeter(
                run.vm().running().pid(), choice.migrationCase().vm().vcpuUse());
        cost.start();
        Instant startedAt = Instant.now();
        String reason = left.orElseGet(() ->
                "%s It would choose %s.".formatted(observes, choice.decision().technique()));
        if (!pending.answer(new Answer(MigrationAdvice.observe(reason), AdviceKind.OBSERVED))) {
            throw new IOException("the decision came too late to compare it: Nova migrates with its own flags");
        }
        PreparedMigration own = novasOwn(choice, rules.novaFlags(question.flags()), reason);
        run.runsBy(own.decision().technique());
        run.note(reason);
        run.migrating(() -> pending.tell(new PendingNovaMigration.Wake()));
        NovaSupervisor supervisor = new NovaSupervisor(jobs, pending, run, cost, this, own);
        MigrationInfo last = supervisor.watch();
        if (!last.completed()) {
            throw NovaMigrationDriver.notArrived(run, last, own.decision().technique(), Optional.empty());
        }
        Optional<VcpuTimes> vcpus = cost.vcpus()
                .left(
                        () -> parts.peers().apply(run.request().destination()),
                        run.vm().name());
        Outcome outcome = new OutcomeReport(
                        run.id(), own, startedAt, Bandwidth.ZERO, Optional.empty(), notes, run.rounds())
                .outcome(
                        new MigrationEnd(last, false, false),
                        cost,
                        Heartbeats.NONE,
                        Heartbeats.NONE,
                        vcpus,
                        Optional.empty(),
                        Optional.empty());
        return marked(outcome, supervisor)
                .withObserved(ObservedChoice.of(choice.decision(), left.isPresent(), policy, outcome.metrics()));
    }

    /** The same migration as Nova runs it. */
    private PreparedMigration novasOwn(PreparedMigration choice, NovaFlags flags, String reason) {
        NovaFlags.Predicted predicted = flags.predict(choice.migrationCase(), parts.predictor());
        MigrationDecision decision = choice.decision();
        return choice.instead(
                predicted.migrationCase(),
                new MigrationDecision(
                        flags.technique(),
                        predicted.prediction(),
                        reason,
                        List.of(),
                        decision.madeAt(),
                        decision.policyVersion()));
    }

    private Outcome marked(Outcome outcome, NovaSupervisor supervisor) {
        return OutcomeMark.incomparable(
                        Optional.empty(),
                        question.flags(),
                        supervisor.diskBytes(),
                        outcome.measured().containsKey(Metric.TOTAL_TIME))
                .or(() -> supervisor.postcopy()
                        ? Optional.of("Nova switched it to post-copy while it ran")
                        : Optional.empty())
                .map(clause -> outcome.apart(outcome.technique(), clause, supervisor.diskBytes(), outcome.prediction()))
                .orElse(outcome);
    }

    /** Always: nothing is changed about the migration, and it is not aborted because nova-compute is silent. */
    @Override
    public boolean withdrawn() {
        return true;
    }

    @Override
    public Place place() {
        return AdvisedMigration.place(parts, run);
    }

    /** nova-compute was not advised, so that there is nothing to put back. */
    @Override
    public void takeBack(FromNova refusal) {
        refusal.reply().complete(Optional.empty());
    }

    @Override
    public void remember(NovaMessage refusal) {
        // What ran was not Godwit's choice.
    }
}
