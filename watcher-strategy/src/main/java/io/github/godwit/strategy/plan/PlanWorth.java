package io.github.godwit.strategy.plan;

import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.plan.MigrationPlan.Unplanned;
import java.util.List;

/** Judges which planned moves gain less than they cost. */
@FunctionalInterface
public interface PlanWorth {

    /** Every move is worth what it costs, for example because a host has to be emptied in any case. */
    PlanWorth ANY = (history, plan) -> List.of();

    /**
     * Returns the moves that gain less than they cost, with the reason.
     *
     * @param history the cluster before the first move
     * @param plan    the planned moves
     */
    List<Unplanned> worthless(ClusterHistory history, MigrationPlan plan);
}
