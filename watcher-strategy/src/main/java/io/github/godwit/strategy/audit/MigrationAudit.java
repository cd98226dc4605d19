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
import io.github.godwit.strategy.decide.ConsolidationStrategy;
import io.github.godwit.strategy.decide.DestinationPolicy;
import io.github.godwit.strategy.decide.HotspotStrategy;
import io.github.godwit.strategy.decide.MaintenanceStrategy;
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

    /**
     * @param cloud     hosts and VMs
     * @param policies  SLO policies
     * @param decisions decides each migration
     * @param sources   what every schedule depends on
     */
    public MigrationAudit(Cloud cloud, Policies policies, MoveDecisions decisions, ScheduleSources sources) {
        this.cloud = cloud;
        this.policies = policies;
        this.decisions = decisions;
        this.sources = sources;
    }

    PreparedAudit prepare(AuditQuestion question) {
        JsonNode parameters = question.parameters();
        SloPolicy policy = policies.get(parameters.path("policy").asText()).policy();
        Strategy strategy = strategy(question.strategy(), parameters);
        Optional<NovaFacts> facts = cloud.facts();
        ScheduleTerms asked = ScheduleParameters.read(parameters, facts, sources, Instant.now());
        ScheduleTerms terms = strategy instanceof HotspotStrategy ? asked.inTheOrderOfTheStrategy() : asked;
        MovePlanner planner =
                new MovePlanner(cloud, decisions.by(policy, terms(parameters)), new MovePlanner.Listener() {}, terms);
        HotspotRule rule = rule(parameters);
        return new Prepared(
                question,
                strategy,
                terms,
                planner,
                Scope.of(question.scope(), facts),
                new ClusterSampler.Series(cloud, rule.samples(), rule.sampleInterval()));
    }

    private final class Prepared implements PreparedAudit {
        private final AuditQuestion question;
        private final Strategy strategy;
        private final ScheduleTerms terms;
        private final MovePlanner planner;
        private final Scope scope;
        private final ClusterSampler.Series series;

        Prepared(
                AuditQuestion question,
                Strategy strategy,
                ScheduleTerms terms,
                MovePlanner planner,
                Scope scope,
                ClusterSampler.Series series) {
            this.question = question;
            this.strategy = strategy;
            this.terms = terms;
            this.planner = planner;
            this.scope = scope;
            this.series = series;
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
            return draft(question, terms, SolvedPlan.of(strategy, history, planner, solution -> {}), history.latest());
        }
    }

    private PlanDraft draft(AuditQuestion question, ScheduleTerms terms, SolvedPlan solved, ClusterModel latest) {
        JsonNode parameters = question.parameters();
        MigrationPlan plan = solved.plan();
        PlanSchedule schedule = schedule(solved, parameters, latest, terms);
        return new PlanDraft(
                steps(plan, parameters, latest),
                new SolutionFigures(rule(parameters), latest, moves(plan)).of(question),
                solved.verdict() + ScheduleWords.of(plan, schedule),
                question.onFailure(),
                plan.schedule().isPresent() ? terms.parallel() : Math.min(terms.parallel(), MOST_UNSCHEDULED),
                schedule,
                plan.facts().orElse(null));
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

    private static HotspotRule rule(JsonNode parameters) {
        HotspotRule usual = HotspotRule.DEFAULT;
        int samples = parameters.path("samples").asInt(1);
        return new HotspotRule(
                parameters.path("cpu_threshold").asDouble(usual.cpuThreshold()),
                parameters.path("memory_threshold").asDouble(usual.memoryThreshold()),
                parameters.path("hot_samples").asInt(1),
                samples,
                Duration.ofMillis(
                        Math.round(1e3 * parameters.path("sample_interval").asDouble(0))));
    }

    private static Strategy strategy(String name, JsonNode parameters) {
        DestinationPolicy destinations =
                DestinationPolicy.parse(parameters.path("destination_policy").asText("least-loaded"));
        int maxMoves = parameters.path("max_moves").asInt(1);
        return switch (name) {
            case "hotspot_mitigation" -> new HotspotStrategy(rule(parameters), destinations, maxMoves);
            case "consolidation", "basic" -> new ConsolidationStrategy(rule(parameters), maxMoves);
            case "maintenance" ->
                new MaintenanceStrategy(
                        parameters.path("maintenance_node").asText(),
                        parameters.hasNonNull("backup_node")
                                ? new DestinationPolicy.Fallback(
                                        List.of(parameters.path("backup_node").asText()))
                                : destinations);
            default -> throw new IllegalArgumentException("There is no strategy '%s'.".formatted(name));
        };
    }

    /** Maintenance disables its host before it is emptied; consolidation disables the hosts that become empty afterwards. */
    private List<Step> steps(MigrationPlan plan, JsonNode parameters, ClusterModel cluster) {
        boolean disable = parameters.path("disable_hosts").asBoolean();
        if (disable && !cloud.hasNova()) {
            throw ServiceRefusal.invalid("disable_hosts needs Nova, which this service does not use");
        }
        List<Step> steps = new ArrayList<>();
        List<Integer> first = List.of();
        String named = parameters.path("maintenance_node").asText("");
        if (disable && !named.isEmpty()) {
            steps.add(Step.disable(named, "godwit: maintenance", List.of()));
            first = List.of(0);
        }
        Map<String, List<Integer>> leaving = new LinkedHashMap<>();
        int before = steps.size();
        List<List<Integer>> order = plan.parents();
        for (int i = 0; i < order.size(); i++) {
            PlannedMigration migration = plan.migrations().get(i);
            MigrateParameters migrate = MigrateParameters.of(migration, Instant.now());
            leaving.computeIfAbsent(migration.move().from(), host -> new ArrayList<>())
                    .add(steps.size());
            List<Integer> parents = new ArrayList<>(first);
            order.get(i).forEach(parent -> parents.add(before + parent));
            steps.add(Step.migrate(migrate, parents));
        }
        if (disable && named.isEmpty()) {
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
