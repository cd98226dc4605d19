package io.github.godwit.strategy.audit;

import io.github.godwit.strategy.plan.MigrationPlan;
import io.github.godwit.strategy.plan.MigrationSlot;
import io.github.godwit.strategy.plan.MigrationSlot.Span;
import io.github.godwit.strategy.plan.PlanSchedule;
import java.util.List;
import java.util.Optional;

/** Says in sentences what a schedule promises. */
final class ScheduleWords {

    private ScheduleWords() {}

    /** Returns sentences with a leading space, or an empty text for a plan of one migration without a deadline, or without a schedule. */
    static String of(MigrationPlan plan, PlanSchedule schedule) {
        if (schedule == null) {
            return "";
        }
        String words = plan.migrations().size() < 2 || !schedule.made()
                ? ""
                : " The plan takes about %.0f s (%.0f to %.0f s), with at most %d %s at a time."
                        .formatted(
                                schedule.end().value(),
                                schedule.end().low(),
                                schedule.end().high(),
                                atOnce(plan),
                                atOnce(plan) == 1 ? "migration" : "migrations");
        return schedule.deadline() == null
                ? words
                : words + " " + schedule.deadline().sentence();
    }

    private static long atOnce(MigrationPlan plan) {
        List<MigrationSlot> slots = plan.migrations().stream()
                .map(migration -> migration.slot())
                .flatMap(Optional::stream)
                .toList();
        return slots.stream()
                .mapToLong(at -> slots.stream()
                        .filter(other -> contains(other, at.start()))
                        .count())
                .max()
                .orElse(1);
    }

    private static boolean contains(MigrationSlot slot, Span time) {
        return slot.start().value() <= time.value() && time.value() < slot.end().value();
    }
}
