package io.github.godwit.strategy.decide;

import io.github.godwit.strategy.cluster.ClusterHistory;

/**
 * Decides which VMs should change hosts.
 *
 * <p>A strategy is pure: it reads nothing but the history that it is given, changes nothing, and gives the same solution for
 * the same history. What it needs besides (thresholds, a destination policy, a seed) comes by its constructor.
 *
 * <p>Every solution keeps to this:
 * <ul>
 *   <li>each VM moves at most once, from the host that the newest snapshot shows it on, never to that host;
 *   <li>only VMs that run and are in no migration are moved;
 *   <li>the moves are safe in their order, and stay so when any of them is left out or fails: no move relies on what an
 *       earlier one frees;
 *   <li>no move makes its destination worse than the strategy would accept, nor promises more memory than it has;
 *   <li>where something the strategy wants is not reached, the verdict says what, and why.
 * </ul>
 */
public interface Strategy {

    /** The name by which audits and commands choose it. */
    String name();

    /**
     * Solves the cluster as it is.
     *
     * @param history the newest snapshots; a strategy looks at as many of them as it is configured for
     * @return what to do; a solution without moves where there is nothing to do or nothing can be done
     */
    Solution solve(ClusterHistory history);
}
