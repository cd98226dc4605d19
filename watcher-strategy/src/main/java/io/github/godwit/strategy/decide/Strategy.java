package io.github.godwit.strategy.decide;

import io.github.godwit.strategy.cluster.ClusterHistory;

/**
 * Decides which VMs are moved to which hosts.
 *
 * <p>A strategy depends only on its constructor's arguments (thresholds, destination policy, seed) and on the history that it is
 * given, has no side effects, and returns the same solution for the same history.
 *
 * <p>Every solution meets these conditions:
 * <ul>
 *   <li>Each VM moves at most once, from its host in the newest snapshot to another host.
 *   <li>Only VMs that are running, not migrating and not pinned are moved.
 *   <li>The moves are safe in any order, several at a time, and even if some of them are left out or fail: no move depends on capacity
 *       that another move releases.
 *   <li>The same holds for every choice among the destinations of the moves ({@link Move#destinations}).
 *   <li>No move exceeds the limits that the strategy sets for destinations, or overcommits the memory of its destination.
 *   <li>If a goal of the strategy is not reached, the verdict says which, and why.
 * </ul>
 */
public interface Strategy {

    /** Returns the name of the strategy. */
    String name();

    /**
     * Computes a solution for the current state of the cluster.
     *
     * @param history snapshots of the cluster; the strategy uses as many of the newest ones as it is configured for
     * @return the solution; it has no moves if nothing needs to be done or nothing can be done
     */
    Solution solve(ClusterHistory history);
}
