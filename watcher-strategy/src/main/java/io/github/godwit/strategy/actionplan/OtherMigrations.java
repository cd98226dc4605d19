package io.github.godwit.strategy.actionplan;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.plan.MigrationSlot;
import io.github.godwit.strategy.store.Stores;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The migrations of all plans that run now, beside which another plan is scheduled. Their rates and ends are those of their own schedules,
 * later by as much as they began later. One without a schedule ends when it was predicted to, with the rate that it takes of the budget
 * ({@link MigrationBudget}); one of which nothing was predicted, such as a cold one or that of a rollback, is left out.
 */
public final class OtherMigrations implements Supplier<List<RunningMigration>> {

    /** Share of its duration that a migration is assumed to need at least, however long it has run already. */
    private static final double OVERDUE = 0.1;

    private final Stores stores;
    private final InstantSource clock;

    /**
     * @param stores the database
     * @param clock  current time
     */
    public OtherMigrations(Stores stores, InstantSource clock) {
        this.stores = stores;
        this.clock = clock;
    }

    @Override
    public List<RunningMigration> get() {
        Instant now = clock.instant();
        return stores.database().jdbi().withHandle(handle -> stores.executions().runningMigrations(handle)).stream()
                .flatMap(action -> of(action, now).stream())
                .toList();
    }

    static Optional<RunningMigration> of(Action action, Instant now) {
        if (action.startedAt() == null || ColdMigrateParameters.areIn(action.parameters())) {
            return Optional.empty();
        }
        MigrateParameters parameters = MigrateParameters.read(action.parameters());
        double elapsed = Deviation.seconds(action.startedAt(), now);
        MigrationSlot slot = parameters.schedule();
        if (slot == null) {
            return unscheduled(parameters, elapsed);
        }
        return slot.bandwidth().isEmpty()
                ? Optional.empty()
                : Optional.of(scheduled(parameters, slot, slot.start().value() + elapsed));
    }

    private static RunningMigration scheduled(MigrateParameters parameters, MigrationSlot slot, double at) {
        long rate = slot.bandwidth().stream()
                .filter(step -> step.from() <= at)
                .reduce((first, second) -> second)
                .orElse(slot.bandwidth().get(0))
                .bitsPerSecond();
        double least = OVERDUE * (slot.end().value() - slot.start().value());
        double value = Math.max(least, slot.end().value() - at);
        return new RunningMigration(
                parameters.resourceId(),
                parameters.sourceNode(),
                parameters.destinationNode(),
                new Bandwidth(Math.max(1, rate)),
                new Interval(
                        Math.min(value, Math.max(0, slot.end().low() - at)),
                        value,
                        Math.max(value, slot.end().high() - at)));
    }

    private static Optional<RunningMigration> unscheduled(MigrateParameters parameters, double elapsed) {
        Estimate total =
                parameters.predicted() == null ? null : parameters.predicted().get(Metric.TOTAL_TIME);
        if (total == null || parameters.observed() == null) {
            return Optional.empty();
        }
        long half = Math.min(
                        parameters.observed().source().link().bitsPerSecond(),
                        parameters.observed().destination().link().bitsPerSecond())
                / 2;
        long rate = parameters.reservation() == null ? half : parameters.reservation();
        double value = Math.max(OVERDUE * total.value() / 1e3, total.value() / 1e3 - elapsed);
        return Optional.of(new RunningMigration(
                parameters.resourceId(),
                parameters.sourceNode(),
                parameters.destinationNode(),
                new Bandwidth(Math.max(1, rate)),
                new Interval(
                        Math.min(value, Math.max(0, total.low() / 1e3 - elapsed)),
                        value,
                        Math.max(value, total.high() / 1e3 - elapsed))));
    }
}
