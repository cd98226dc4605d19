package io.github.godwit.strategy.run;

import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterSampler;
import io.github.godwit.strategy.cluster.HostDriverCloud;
import io.github.godwit.strategy.decide.Strategy;
import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.MoveDecisions;
import io.github.godwit.strategy.plan.MovePlanner;
import io.github.godwit.strategy.plan.PlanWorth;
import io.github.godwit.strategy.plan.ScheduleTerms;
import io.github.godwit.strategy.plan.SolvedPlan;
import io.github.godwit.strategy.report.PlanReport;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/**
 * One run of a strategy over the hosts of some host drivers, from the first sample to the report: sample, solve, plan, and run
 * the plan with the service's own {@link io.github.godwit.strategy.actionplan.PlanRun}.
 */
public final class StrategyRun {

    private final List<HostDriverClient> hostDrivers;
    private final Strategy strategy;
    private final SloPolicy policy;
    private final Predictor predictor;
    private final RunConfig config;
    private final RunListener listener;
    private final Supplier<BandwidthModel> bandwidth;

    /**
     * @param hostDrivers clients of the host drivers
     * @param strategy    decides which VMs move
     * @param policy      the SLO policy by which the technique of each migration is chosen
     * @param predictor   predicts the cost of migrations
     * @param config      sampling, reservation, and what to do after a failure
     * @param listener    receives the progress, or {@link RunListener#NONE}
     */
    public StrategyRun(
            List<HostDriverClient> hostDrivers,
            Strategy strategy,
            SloPolicy policy,
            Predictor predictor,
            RunConfig config,
            RunListener listener) {
        this(hostDrivers, strategy, policy, predictor, config, listener, BandwidthModel::published);
    }

    /**
     * @param bandwidth tells how much bandwidth migrations need beside other traffic
     */
    public StrategyRun(
            List<HostDriverClient> hostDrivers,
            Strategy strategy,
            SloPolicy policy,
            Predictor predictor,
            RunConfig config,
            RunListener listener,
            Supplier<BandwidthModel> bandwidth) {
        this.hostDrivers = List.copyOf(hostDrivers);
        this.strategy = strategy;
        this.policy = policy;
        this.predictor = predictor;
        this.config = config;
        this.listener = listener;
        this.bandwidth = bandwidth;
    }

    /**
     * Runs. An interrupt before the first migration ends the run. A later one cancels the running migration and waits for its
     * end; the others do not begin, and the report is returned with the thread's interrupt flag set.
     *
     * @throws InterruptedException if the thread is interrupted before the first migration begins
     * @throws io.github.godwit.strategy.cluster.UnreachableClusterException if no host driver answers
     */
    public PlanReport run() throws InterruptedException {
        Cloud cloud = new HostDriverCloud(hostDrivers);
        PolicySet own = PolicySet.of(0, Instant.EPOCH, List.of(policy)); // in the orders, but handed to no host driver
        cloud.usePolicies(() -> own);
        MoveDecisions decisions = new MoveDecisions(predictor, bandwidth, config.timeLimit());
        try (LocalPlanRun execution =
                config.dryRun() ? null : new LocalPlanRun(cloud, policy, decisions, config, listener)) {
            ClusterSampler sampler = new ClusterSampler(cloud, listener);
            ClusterHistory history = sampler.sample(config.samples(), config.sampleInterval());
            SolvedPlan solved = SolvedPlan.of(
                    strategy,
                    history,
                    new MovePlanner(
                            cloud,
                            decisions.by(policy, config.reservation()),
                            listener,
                            ScheduleTerms.DEFAULT.inTheOrderOfTheStrategy().withParallel(config.parallel())),
                    PlanWorth.ANY,
                    listener::solved);
            MigrationPlan plan = solved.plan();

            List<Entry> entries = execution == null ? predicted(plan) : execution.run(strategy.name(), plan);
            return new PlanReport(
                    policy, config.dryRun(), solved.verdict(), entries, unplanned(plan), omitted(history));
        }
    }

    private List<Entry> predicted(MigrationPlan plan) {
        return plan.migrations().stream()
                .map(planned -> Entry.of(planned, policy))
                .toList();
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
