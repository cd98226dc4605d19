package io.github.godwit.strategy.plan;

import io.github.godwit.model.schedule.DurationErrors;
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
 * @param errors     how far durations are from their predictions
 * @param running    the migrations of all plans that run now
 * @param pace       by how much longer the migrations of this plan have taken so far than predicted, 1 for a new plan
 */
public record ScheduleTerms(
        Objective objective,
        int parallel,
        Map<String, Integer> priorities,
        Racks racks,
        Instant deadline,
        boolean inOrder,
        Interval overhead,
        DurationErrors errors,
        List<RunningMigration> running,
        double pace) {

    /** As many migrations at a time as one audit may ask for. */
    public static final int MOST_PARALLEL = 32;

    /** Host drivers prepare and finish a migration in about a second. */
    public static final Interval WITHOUT_NOVA = new Interval(0.3, 1, 3);

    /** Nova's checks before and its work after a migration take some seconds. */
    public static final Interval WITH_NOVA = new Interval(3, 6, 12);

    /** Ends as early as possible, beside no other migration. */
    public static final ScheduleTerms DEFAULT = new ScheduleTerms(
            Objective.EMPTY_TIME,
            MOST_PARALLEL,
            Map.of(),
            Racks.NONE,
            null,
            false,
            WITHOUT_NOVA,
            DurationErrors.ASSUMED,
            List.of(),
            1);

    /** Returns the same terms with another objective. */
    public ScheduleTerms aimingAt(Objective other) {
        return new ScheduleTerms(
                other, parallel, priorities, racks, deadline, inOrder, overhead, errors, running, pace);
    }

    /** Returns the same terms with another maximum number of migrations at a time. */
    public ScheduleTerms withParallel(int most) {
        return new ScheduleTerms(
                objective, most, priorities, racks, deadline, inOrder, overhead, errors, running, pace);
    }

    /** Returns the same terms with other priorities. */
    public ScheduleTerms withPriorities(Map<String, Integer> others) {
        return new ScheduleTerms(
                objective, parallel, others, racks, deadline, inOrder, overhead, errors, running, pace);
    }

    /** Returns the same terms with links between racks. */
    public ScheduleTerms withRacks(Racks others) {
        return new ScheduleTerms(
                objective, parallel, priorities, others, deadline, inOrder, overhead, errors, running, pace);
    }

    /** Returns the same terms with a deadline, or without one for null. */
    public ScheduleTerms until(Instant end) {
        return new ScheduleTerms(objective, parallel, priorities, racks, end, inOrder, overhead, errors, running, pace);
    }

    /** Returns the same terms for a strategy whose order matters. */
    public ScheduleTerms inTheOrderOfTheStrategy() {
        return new ScheduleTerms(
                objective, parallel, priorities, racks, deadline, true, overhead, errors, running, pace);
    }

    /** Returns the same terms beside migrations that run now. */
    public ScheduleTerms beside(List<RunningMigration> others) {
        return new ScheduleTerms(
                objective, parallel, priorities, racks, deadline, inOrder, overhead, errors, others, pace);
    }

    /** Returns the same terms with what every schedule depends on at this moment. */
    public ScheduleTerms under(ScheduleSources sources) {
        return new ScheduleTerms(
                objective,
                parallel,
                priorities,
                sources.racks(),
                deadline,
                inOrder,
                sources.overhead().get(),
                sources.errors().get(),
                sources.running().get(),
                pace);
    }

    /** Returns the same terms for a plan whose migrations take so many times as long as predicted. */
    public ScheduleTerms atPace(double other) {
        return new ScheduleTerms(
                objective, parallel, priorities, racks, deadline, inOrder, overhead, errors, running, other);
    }

    /** Copies the map and the list. */
    public ScheduleTerms {
        priorities = Map.copyOf(priorities);
        running = List.copyOf(running);
    }
}
