package io.github.godwit.strategy.run;

import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.strategy.apply.AppliedMigration;
import io.github.godwit.strategy.apply.Applier;
import io.github.godwit.strategy.apply.GuestVerifier;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterSampler;
import io.github.godwit.strategy.cluster.HostDriverCloud;
import io.github.godwit.strategy.decide.Solution;
import io.github.godwit.strategy.decide.Strategy;
import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.MoveDecision;
import io.github.godwit.strategy.plan.MovePlanner;
import io.github.godwit.strategy.report.PlanReport;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One run of a strategy over the hosts of some agents, from the first sample to the report. */
public final class StrategyRun {

    private final List<HostDriverClient> agents;
    private final Strategy strategy;
    private final SloPolicy policy;
    private final Predictor predictor;
    private final RunConfig config;
    private final RunListener listener;
    private final GuestVerifier verifier;

    /**
     * @param agents    the host drivers
     * @param strategy  decides what moves
     * @param policy    what the operator wants of a migration
     * @param predictor tells what a migration would cost
     * @param config    how to go about it
     * @param listener  hears how it gets on, or {@link RunListener#NONE}
     * @param verifier  asks the guests after their migration, or {@link GuestVerifier#NONE}
     */
    public StrategyRun(
            List<HostDriverClient> agents,
            Strategy strategy,
            SloPolicy policy,
            Predictor predictor,
            RunConfig config,
            RunListener listener,
            GuestVerifier verifier) {
        this.agents = List.copyOf(agents);
        this.strategy = strategy;
        this.policy = policy;
        this.predictor = predictor;
        this.config = config;
        this.listener = listener;
        this.verifier = verifier;
    }

    /**
     * Runs. An interrupt before the first migration ends it; one after that cancels the migration on the way, and the report
     * still comes, with the interrupt flag set.
     *
     * @throws InterruptedException when the thread is interrupted before anything was begun
     * @throws io.github.godwit.strategy.cluster.UnreachableClusterException when no agent answers
     */
    public PlanReport run() throws InterruptedException {
        Cloud cloud = new HostDriverCloud(agents);
        ClusterSampler sampler = new ClusterSampler(cloud, listener);
        ClusterHistory history = sampler.sample(config.samples(), config.sampleInterval());
        Solution solution = strategy.solve(history);
        listener.solved(solution);

        ClusterModel now = history.latest();
        MoveDecision decision = new MoveDecision(predictor, policy, config.reservation(), config.timeLimit());
        MigrationPlan plan = new MovePlanner(cloud, decision, listener).plan(now, solution.moves());

        List<Entry> entries = config.dryRun()
                ? plan.migrations().stream()
                        .map(planned -> Entry.of(planned, policy))
                        .toList()
                : applied(plan, now).stream()
                        .map(applied -> Entry.of(applied, policy))
                        .toList();
        return new PlanReport(policy, config.dryRun(), solution.verdict(), entries, unplanned(plan), omitted(history));
    }

    private List<AppliedMigration> applied(MigrationPlan plan, ClusterModel now) {
        Map<URI, HostDriverClient> byUrl = byUrl();
        Map<String, HostDriverClient> byHost = new LinkedHashMap<>();
        now.hosts().forEach(host -> byHost.put(host.name(), byUrl.get(host.agent())));
        return new Applier(byHost, config.onFailure(), config.timeLimit(), verifier, listener).apply(plan);
    }

    private Map<URI, HostDriverClient> byUrl() {
        return agents.stream().collect(Collectors.toMap(HostDriverClient::url, Function.identity(), (a, b) -> a));
    }

    private static List<String> unplanned(MigrationPlan plan) {
        return plan.unplanned().stream()
                .map(unplanned -> "%s from %s to %s. %s"
                        .formatted(
                                unplanned.move().vm(),
                                unplanned.move().from(),
                                unplanned.move().to(),
                                unplanned.reason()))
                .toList();
    }

    private static List<String> omitted(ClusterHistory history) {
        return history.snapshots().stream()
                .flatMap(snapshot -> snapshot.omissions().stream())
                .distinct()
                .map(omission -> "%s. %s".formatted(omission.what(), omission.reason()))
                .toList();
    }
}
