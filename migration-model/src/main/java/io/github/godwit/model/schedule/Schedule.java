package io.github.godwit.model.schedule;

import io.github.godwit.model.unit.Checks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A plan for many migrations.
 *
 * @param migrations the migrations, by predicted start
 * @param end        seconds until the last of them ends
 * @param violation  predicted weighted SLO violation of all migrations
 * @param method     what made it, as it is shown to operators: {@code exact}, {@code search}, or the name of a rule
 */
public record Schedule(List<ScheduledMigration> migrations, Interval end, double violation, String method) {

    /** A schedule without migrations. */
    public static final Schedule EMPTY = new Schedule(List.of(), Interval.ZERO, 0, "exact");

    /** Two predicted times that differ by less, in seconds, are the same. */
    private static final double SAME = 1e-6;

    /**
     * @throws IllegalArgumentException when a value is missing
     */
    public Schedule {
        migrations = List.copyOf(Checks.present("migrations", migrations));
        Checks.present("end of the schedule", end);
        Checks.notNegative("violation of the schedule", violation);
        Checks.named("method of the schedule", method);
    }

    /**
     * The probability that every migration has ended by a deadline.
     *
     * @param deadlineSeconds seconds after the beginning of the schedule
     * @return 0 to 1
     */
    public double probability(double deadlineSeconds) {
        return end.probabilityOfAtMost(deadlineSeconds);
    }

    /**
     * The chain of migrations that determines the end: the one that ends last, the one whose end it waits for, and so on, earliest first.
     * Empty when there are no migrations.
     */
    public List<ScheduledMigration> criticalPath() {
        Map<String, ScheduledMigration> byVm = byVm();
        ScheduledMigration next = migrations.stream()
                .max(Comparator.comparingDouble(each -> each.end().value()))
                .orElse(null);
        List<ScheduledMigration> path = new ArrayList<>();
        while (next != null) {
            path.add(0, next);
            next = next.after().stream()
                    .map(byVm::get)
                    .filter(each -> each != null)
                    .max(Comparator.comparingDouble(each -> each.end().value()))
                    .orElse(null);
        }
        return path;
    }

    /** The migration that is in the way of an earlier end: the longest one on the critical path. */
    public Optional<ScheduledMigration> inTheWay() {
        return criticalPath().stream().max(Comparator.comparingDouble(ScheduledMigration::seconds));
    }

    /** The migrations by VM. */
    public Map<String, ScheduledMigration> byVm() {
        return migrations.stream().collect(Collectors.toMap(ScheduledMigration::vm, Function.identity()));
    }

    /** The VMs by predicted start. */
    public List<String> order() {
        return migrations.stream().map(ScheduledMigration::vm).toList();
    }

    /** Most migrations at once, as predicted. */
    public int mostAtOnce() {
        int most = 0;
        for (ScheduledMigration each : migrations) {
            double at = each.start().value();
            int running = 0;
            for (ScheduledMigration other : migrations) {
                running += other.start().value() <= at + SAME && other.end().value() > at + SAME ? 1 : 0;
            }
            most = Math.max(most, running);
        }
        return most;
    }
}
