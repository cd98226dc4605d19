package io.github.godwit.strategy.run;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterSampler;
import io.github.godwit.strategy.decide.Solution;
import io.github.godwit.strategy.plan.MovePlanner;
import io.github.godwit.strategy.plan.PlannedMigration;
import io.github.godwit.strategy.report.PlanReport.Entry;

/**
 * Receives the progress of a run. Calls come from several threads, but never two at a time, and must return at once. All
 * methods are optional.
 */
public interface RunListener extends ClusterSampler.Listener, MovePlanner.Listener {

    /** Ignores everything. */
    RunListener NONE = new RunListener() {};

    @Override
    default void sampled(int number, int of, ClusterModel snapshot) {}

    /** The strategy has decided. */
    default void solved(Solution solution) {}

    /**
     * A migration begins.
     *
     * @param number its place in the plan, from 1
     * @param of     the number of migrations in the plan
     */
    default void starting(PlannedMigration migration, int number, int of) {}

    /** A migration changed its phase or made progress. */
    default void event(PlannedMigration migration, MigrationEvent event) {}

    /** A migration ended, or will not begin any more. */
    default void ended(Entry migration) {}
}
