package io.github.godwit.strategy.plan;

import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.decide.Solution;
import io.github.godwit.strategy.decide.Strategy;
import io.github.godwit.strategy.plan.MigrationPlan.Unplanned;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A solution and the plan for it. The solution claims only what is planned: a VM whose move cannot be planned, or gains less than it
 * costs, counts as pinned, and the strategy solves again without it.
 *
 * @param verdict what the planned moves achieve and what they do not, and which moves could not be planned, in sentences
 * @param complete whether the planned moves achieve everything that the strategy aims at
 * @param plan    the plan, with all moves that could not be planned
 */
public record SolvedPlan(String verdict, boolean complete, MigrationPlan plan) {

    /** Each round profiles all VMs to be moved, which takes seconds; host drivers remember profiles for a while. */
    private static final int MAX_ROUNDS = 8;

    /**
     * A plan without migrations.
     *
     * @param policy name of the SLO policy
     */
    public static SolvedPlan nothing(String policy) {
        return new SolvedPlan("", true, MigrationPlan.inOrder(policy, List.of(), List.of()));
    }

    /**
     * Solves and plans.
     *
     * @param strategy decides which VMs move
     * @param history  the cluster
     * @param planner  chooses the techniques
     * @param worth    judges which moves gain less than they cost
     * @param solved   receives each solution; a later one replaces the earlier ones
     * @throws InterruptedException if the thread is interrupted
     */
    public static SolvedPlan of(
            Strategy strategy, ClusterHistory history, MovePlanner planner, PlanWorth worth, Consumer<Solution> solved)
            throws InterruptedException {
        List<Unplanned> unplanned = new ArrayList<>();
        ClusterHistory open = history;
        MigrationPlan plan = null;
        for (int round = 0; round < MAX_ROUNDS; round++) {
            Solution solution = strategy.solve(open);
            solved.accept(solution);
            plan = planner.plan(history.latest(), solution.moves());
            List<Unplanned> left = plan.unplanned().isEmpty() ? worth.worthless(history, plan) : plan.unplanned();
            unplanned.addAll(left);
            if (left.isEmpty()) {
                return of(solution.verdict(), solution.solved(), plan, unplanned);
            }
            for (Unplanned each : left) {
                open = without(open, each);
            }
        }
        plan = planner.plan(history.latest(), worthwhile(history, worth, plan));
        int moves = plan.migrations().size();
        return of(
                "%d %s planned; more was not tried, because too many moves could not be planned."
                        .formatted(moves, moves == 1 ? "move is" : "moves are"),
                false,
                plan,
                unplanned);
    }

    private static List<Move> worthwhile(ClusterHistory history, PlanWorth worth, MigrationPlan plan) {
        Set<Move> worthless =
                worth.worthless(history, plan).stream().map(Unplanned::move).collect(Collectors.toSet());
        return plan.migrations().stream()
                .map(PlannedMigration::move)
                .filter(move -> !worthless.contains(move))
                .toList();
    }

    private static SolvedPlan of(String verdict, boolean solved, MigrationPlan plan, List<Unplanned> unplanned) {
        StringBuilder sentences = new StringBuilder(verdict);
        for (Unplanned each : unplanned) {
            Move move = each.move();
            if (!verdict.contains(each.because())
                    && !(each.worthless() && sentences.indexOf(each.shownReason()) >= 0)) {
                sentences.append(" Not planned: %s from %s to %s. %s"
                        .formatted(move.vm(), move.from(), move.to(), each.reason()));
            }
        }
        return new SolvedPlan(sentences.toString().strip(), solved, plan.withUnplanned(unplanned));
    }

    private static ClusterHistory without(ClusterHistory history, Unplanned unplanned) {
        return new ClusterHistory(history.snapshots().stream()
                .map(snapshot -> snapshot.withRules(
                        snapshot.rules().withPinned(Set.of(unplanned.move().vm()), unplanned.because())))
                .toList());
    }
}
