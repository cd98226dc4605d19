package io.github.godwit.strategy.audit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterSampler;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.decide.Displacement;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.decide.Strategy;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.objects.PlanDraft;
import io.github.godwit.strategy.objects.PlanDraft.Step;
import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.MoveDecisions;
import io.github.godwit.strategy.plan.MovePlanner;
import io.github.godwit.strategy.plan.PlanSchedule;
import io.github.godwit.strategy.plan.PlanSchedule.Deadline;
import io.github.godwit.strategy.plan.PlannedMigration;
import io.github.godwit.strategy.plan.ScheduleSources;
import io.github.godwit.strategy.plan.ScheduleTerms;
import io.github.godwit.strategy.plan.SolvedPlan;
import io.github.godwit.strategy.policy.Policies;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Computes the action plan of an audit whose strategy migrates VMs: sample the cluster, solve, choose the technique of each migration. */
public final class MigrationAudit {

    /** Without a schedule. */
    private static final int MOST_UNSCHEDULED = 2;

    private final Cloud cloud;
    private final Policies policies;
    private final MoveDecisions decisions;
    private final ScheduleSources sources;
    private final RecentMoves moves;
    private final Clock clock;

    /**
     * @param cloud     hosts and VMs
     * @param policies  SLO policies
     * @param decisions decides each migration
     * @param sources   what every schedule depends on
     * @param moves     earlier moves
     * @param clock     current time
     */
    public MigrationAudit(
            Cloud cloud,
            Policies policies,
            MoveDecisions decisions,
            ScheduleSources sources,
            RecentMoves moves,
            Clock clock) {
        this.moves = moves;
        this.clock = clock;
        this.cloud = cloud;
        this.policies = policies;
        this.decisions = decisions;
        this.sources = sources;
    }

    PreparedAudit prepare(AuditQuestion asked) {
        return prepareNamed(asked.named(cloud::hostName));
    }

    private PreparedAudit prepareNamed(AuditQuestion question) {
        JsonNode parameters = question.parameters();
        SloPolicy policy = policies.get(parameters.path("policy").asText()).policy();
        AuditDecision decision = new AuditDecision(question.strategy(), parameters);
        decision.check();
        Optional<NovaFacts> facts = cloud.facts();
        ScheduleTerms asked = ScheduleParameters.read(parameters, facts, sources, Instant.now());
        ScheduleTerms terms = decision.relieves() ? asked.inTheOrderOfTheStrategy() : asked;
        EmptiedHosts emptied = decision.emptied();
        requireNova(question, emptied);
        MovePlanner planner =
                new MovePlanner(cloud, decisions.by(policy, terms(parameters)), new MovePlanner.Listener() {}, terms);
        return new Prepared(
                question, decision, facts, terms, planner, clock.instant().minus(cloud.window()));
    }

    private final class Prepared implements PreparedAudit {
        private final AuditQuestion question;
        private final AuditDecision decision;
        private final Optional<NovaFacts> facts;
        private final ScheduleTerms terms;
        private final MovePlanner planner;
        private final Instant figuresSince;
        private final EmptiedHosts emptied;
        private final Scope scope;
        private final ClusterSampler.Series series;

        Prepared(
                AuditQuestion question,
                AuditDecision decision,
                Optional<NovaFacts> facts,
                ScheduleTerms terms,
                MovePlanner planner,
                Instant figuresSince) {
            this.question = question;
            this.decision = decision;
            this.facts = facts;
            this.terms = terms;
            this.planner = planner;
            this.figuresSince = figuresSince;
            this.emptied = decision.emptied();
            this.scope = Scope.of(question.scope(), facts);
            HotspotRule rule = decision.rule();
            this.series = new ClusterSampler.Series(cloud, rule.samples(), rule.sampleInterval());
        }

        @Override
        public Optional<Duration> sample() throws InterruptedException {
            series.take();
            return series.untilNext();
        }

        @Override
        public PlanDraft decide() throws InterruptedException {
            ClusterHistory history = new ClusterHistory(
                    series.history().snapshots().stream().map(scope::of).toList());
            ClusterModel latest = history.latest();
            emptied.names().forEach(latest::host); // refuses an unknown one
            Displacement displaced = emptied.displacement(latest, facts, scope);
            Strategy strategy =
                    decision.decider(moves.since(decision.settling().horizon()), figuresSince, clock.instant());
            SolvedPlan solved = emptied.live()
                    ? SolvedPlan.of(
                            strategy, withoutDisplaced(history, emptied), planner, decision.worth(), solution -> {})
                    : SolvedPlan.nothing(
                            policies.get(question.parameters().path("policy").asText())
                                    .policy()
                                    .name());
            return draft(solved, displaced, latest);
        }

        private PlanDraft draft(SolvedPlan solved, Displacement displaced, ClusterModel latest) {
            JsonNode parameters = question.parameters();
            MigrationPlan plan = solved.plan();
            PlanSchedule schedule = schedule(solved, parameters, latest, terms);
            String verdict =
                    "%s %s".formatted(solved.verdict(), displaced.verdict()).strip();
            return new PlanDraft(
                    steps(plan, emptied, displaced, parameters, latest),
                    new SolutionFigures(decision.rule(), latest, moves(plan), displaced).of(question),
                    verdict + ScheduleWords.of(plan, schedule),
                    question.onFailure(),
                    plan.schedule().isPresent() ? terms.parallel() : Math.min(terms.parallel(), MOST_UNSCHEDULED),
                    schedule,
                    plan.facts().orElse(null),
                    solved.complete());
        }
    }

    private void requireNova(AuditQuestion question, EmptiedHosts emptied) {
        boolean needed = emptied.disabled() || !emptied.live() || !emptied.cold();
        if (needed && !cloud.hasNova()) {
            throw ServiceRefusal.invalid("%s needs Nova, which this service does not use"
                    .formatted(
                            "host_maintenance".equals(question.strategy())
                                    ? "Strategy host_maintenance"
                                    : "disable_hosts"));
        }
    }

    /** Servers that do not run are none of the strategy's business where {@link Displacement} decides about them. */
    private static ClusterHistory withoutDisplaced(ClusterHistory history, EmptiedHosts emptied) {
        return emptied.displaces() ? Displacement.withoutIdle(history, emptied.names()) : history;
    }

    /**
     * The schedule of a plan, with a judgement of the deadline in any case: it is missed where a VM stays on the host that is to be emptied, and
     * met where none has to leave; without a schedule it cannot be told.
     */
    private static PlanSchedule schedule(
            SolvedPlan solved, JsonNode parameters, ClusterModel cluster, ScheduleTerms terms) {
        PlanSchedule made = solved.plan().schedule().orElse(null);
        if (terms.deadline() == null) {
            return made;
        }
        Optional<Deadline> missed =
                staying(solved, parameters, cluster).map(vm -> Deadline.missed(terms.deadline(), vm));
        if (made != null) {
            return missed.map(made::with).orElse(made);
        }
        return PlanSchedule.none(terms.objective(), missed.orElseGet(() -> unscheduled(solved.plan(), terms)));
    }

    private static Deadline unscheduled(MigrationPlan plan, ScheduleTerms terms) {
        return plan.migrations().isEmpty()
                ? Deadline.of(terms.deadline(), Instant.now(), Schedule.EMPTY)
                : Deadline.unknown(
                        terms.deadline(),
                        plan.unscheduled().orElse("No schedule was made."),
                        moves(plan).stream().map(Move::vm).toList());
    }

    /** Returns a VM that stays on the host that is to be emptied, if there is one. */
    private static Optional<String> staying(SolvedPlan solved, JsonNode parameters, ClusterModel cluster) {
        if (solved.complete()) {
            return Optional.empty();
        }
        Set<String> leaving = moves(solved.plan()).stream().map(Move::vm).collect(Collectors.toSet());
        return cluster.vmsOn(parameters.path("maintenance_node").asText()).stream()
                .map(VmStatus::name)
                .filter(vm -> !leaving.contains(vm))
                .findFirst();
    }

    private static ReservationTerms terms(JsonNode parameters) {
        String urgency = parameters.path("urgency").asText("medium");
        return ReservationTerms.DEFAULT.withUrgency(Urgency.valueOf(urgency.toUpperCase(Locale.ROOT)));
    }

    /**
     * Hosts that are named to be emptied are disabled before, if the audit wants that; consolidation disables the hosts that become empty
     * afterwards.
     */
    private static List<Step> steps(
            MigrationPlan plan,
            EmptiedHosts emptied,
            Displacement displaced,
            JsonNode parameters,
            ClusterModel cluster) {
        List<Step> steps = new ArrayList<>(emptied.disableSteps());
        Map<String, List<Integer>> leaving = new LinkedHashMap<>();
        int before = steps.size();
        List<List<Integer>> order = plan.parents();
        for (int i = 0; i < order.size(); i++) {
            PlannedMigration migration = plan.migrations().get(i);
            MigrateParameters migrate = MigrateParameters.of(migration, Instant.now());
            String source = migration.move().from();
            leaving.computeIfAbsent(source, host -> new ArrayList<>()).add(steps.size());
            List<Integer> parents = new ArrayList<>(emptied.afterDisabling(source));
            order.get(i).forEach(parent -> parents.add(before + parent));
            steps.add(Step.migrate(migrate, parents));
        }
        steps.addAll(emptied.steps(displaced));
        if (parameters.path("disable_hosts").asBoolean() && emptied.names().isEmpty()) {
            leaving.forEach((host, moves) -> {
                if (moves.size() == cluster.vmsOn(host).size()
                        && cluster.rules().idleOn(host).isEmpty()) {
                    steps.add(Step.disable(host, "godwit: emptied by consolidation", moves));
                }
            });
        }
        return steps;
    }

    private static List<Move> moves(MigrationPlan plan) {
        return plan.migrations().stream().map(PlannedMigration::move).toList();
    }
}
