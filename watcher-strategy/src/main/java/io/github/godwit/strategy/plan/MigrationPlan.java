package io.github.godwit.strategy.plan;

import io.github.godwit.strategy.decide.Move;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The migrations of a solution, in order.
 *
 * @param policy      name of the SLO policy under which the techniques were chosen
 * @param migrations  the planned migrations
 * @param unplanned   the moves of the strategy that cannot be planned
 * @param schedule    when they are to run, or nothing if each waits for those with which it shares a host
 * @param facts       what the schedule was made from, to make another one of what is left later; nothing without a schedule
 * @param unscheduled why there is no schedule, as a sentence; nothing if there is one, or if none was wanted
 */
public record MigrationPlan(
        String policy,
        List<PlannedMigration> migrations,
        List<Unplanned> unplanned,
        Optional<PlanSchedule> schedule,
        Optional<ScheduleFacts> facts,
        Optional<String> unscheduled) {

    /**
     * A move that is not planned.
     *
     * @param move      the move
     * @param reason    the reason, as a sentence
     * @param worthless whether it can be planned, but gains less than it costs
     */
    public record Unplanned(Move move, String reason, boolean worthless) {

        /** A move that is not possible. */
        public Unplanned(Move move, String reason) {
            this(move, reason, false);
        }

        /** A move that gains less than it costs. */
        static Unplanned worthless(Move move, String reason) {
            return new Unplanned(move, reason, true);
        }

        /** Returns what its VM is, to complete "it is". */
        String because() {
            return "%s to %s (%s)"
                    .formatted(worthless ? "not worth a move" : "not migratable", move.to(), shownReason());
        }

        /** Returns the reason without a full stop. */
        String shownReason() {
            return reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason;
        }
    }

    /** Copies the lists. */
    public MigrationPlan {
        migrations = List.copyOf(migrations);
        unplanned = List.copyOf(unplanned);
    }

    /** A plan of moves that run one after another. */
    public static MigrationPlan inOrder(String policy, List<PlannedMigration> migrations, List<Unplanned> unplanned) {
        return new MigrationPlan(policy, migrations, unplanned, Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** A plan with a schedule. */
    static MigrationPlan scheduled(
            String policy, List<PlannedMigration> migrations, PlanSchedule schedule, ScheduleFacts facts) {
        return new MigrationPlan(
                policy, migrations, List.of(), Optional.of(schedule), Optional.of(facts), Optional.empty());
    }

    /** Returns the same plan, which has no schedule for this reason. */
    MigrationPlan unscheduledBecause(String reason) {
        return new MigrationPlan(
                policy, migrations, unplanned, Optional.empty(), Optional.empty(), Optional.of(reason));
    }

    /** Returns the same plan with other moves that cannot be planned. */
    public MigrationPlan withUnplanned(List<Unplanned> others) {
        return new MigrationPlan(policy, migrations, others, schedule, facts, unscheduled);
    }

    /** Returns for each migration the indexes of those whose ends it waits for, which are all smaller than its own. */
    public List<List<Integer>> parents() {
        Map<String, Integer> places = new HashMap<>();
        List<List<Integer>> parents = new ArrayList<>();
        for (PlannedMigration migration : migrations) {
            parents.add(migration.slot().map(MigrationSlot::after).orElse(Set.of()).stream()
                    .map(places::get)
                    .filter(Objects::nonNull)
                    .sorted()
                    .toList());
            places.put(migration.move().vm(), places.size());
        }
        return parents;
    }
}
