package io.github.godwit.strategy.plan;

import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.schedule.RunningMigration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a schedule has to keep to besides the limits of the hosts.
 *
 * @param objective  what it minimises
 * @param parallel   maximum number of migrations from a host at a time, at least 1
 * @param priorities priority of VMs, by name; a VM without one has 0, and one with more leaves earlier
 * @param racks      links between racks
 * @param deadline   when the last migration should have ended, or null
 * @param inOrder    whether of two VMs of the same priority the one that the strategy moves first leaves first, where that costs little
 * @param overhead   time of a migration besides its transfer, in seconds
 * @param running    migrations of other plans that run now
 */
public record ScheduleTerms(
        Objective objective,
        int parallel,
        Map<String, Integer> priorities,
        Racks racks,
        Instant deadline,
        boolean inOrder,
        Interval overhead,
        List<RunningMigration> running) {

    /** As many migrations at a time as one audit may ask for. */
    public static final int MOST_PARALLEL = 32;

    /** Host drivers prepare and finish a migration in about a second. */
    public static final Interval WITHOUT_NOVA = new Interval(0.3, 1, 3);

    /** Nova's checks before and its work after a migration take some seconds. */
    public static final Interval WITH_NOVA = new Interval(3, 6, 12);

    /** Ends as early as possible. */
    public static final ScheduleTerms DEFAULT =
            new ScheduleTerms(Objective.EMPTY_TIME, MOST_PARALLEL, Map.of(), Racks.NONE, null, false, WITHOUT_NOVA);

    /** Returns the same terms with another maximum number of migrations at a time. */
    public ScheduleTerms withParallel(int most) {
        return new ScheduleTerms(objective, most, priorities, racks, deadline, inOrder, overhead, running);
    }

    /** Returns the same terms for a strategy whose order matters. */
    public ScheduleTerms inTheOrderOfTheStrategy() {
        return new ScheduleTerms(objective, parallel, priorities, racks, deadline, true, overhead, running);
    }

    /** Returns the same terms beside migrations that run now. */
    public ScheduleTerms beside(List<RunningMigration> others) {
        return new ScheduleTerms(objective, parallel, priorities, racks, deadline, inOrder, overhead, others);
    }

    /** Terms beside no other migration. */
    public ScheduleTerms(
            Objective objective,
            int parallel,
            Map<String, Integer> priorities,
            Racks racks,
            Instant deadline,
            boolean inOrder,
            Interval overhead) {
        this(objective, parallel, priorities, racks, deadline, inOrder, overhead, List.of());
    }

    /** Copies the map and the list. */
    public ScheduleTerms {
        priorities = Map.copyOf(priorities);
        running = List.copyOf(running);
    }
}
