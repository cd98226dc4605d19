package io.github.godwit.strategy.actionplan;

import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.strategy.objects.Action;
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
 * later by as much as they began later. A migration without a schedule is left out; it takes its links whole and ends before others
 * begin ({@link MigrationBudget}).
 */
public final class OtherMigrations implements Supplier<List<RunningMigration>> {

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
        return stores.database().jdbi().withHandle(handle -> stores.plans().runningMigrations(handle)).stream()
                .flatMap(action -> of(action, now).stream())
                .toList();
    }

    static Optional<RunningMigration> of(Action action, Instant now) {
        if (action.startedAt() == null || !Readiness.isScheduled(action)) {
            return Optional.empty();
        }
        MigrateParameters parameters = MigrateParameters.read(action.parameters());
        MigrationSlot slot = parameters.schedule();
        return slot.bandwidth().isEmpty()
                ? Optional.empty()
                : Optional.of(RemainingMoves.running(
                        parameters, slot.start().value() + Deviation.seconds(action.startedAt(), now)));
    }
}
