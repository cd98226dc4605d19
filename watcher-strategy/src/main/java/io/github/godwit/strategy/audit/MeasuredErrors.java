package io.github.godwit.strategy.audit;

import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.plan.MigrationSlot;
import io.github.godwit.strategy.store.Stores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** How far the durations of the latest scheduled migrations were from what their plans predicted, and how alike those of a plan were. */
public final class MeasuredErrors implements Supplier<DurationErrors> {

    /** Enough for some dozens of plans, and few enough to follow changes. */
    private static final int LATEST = 300;

    private final Stores stores;

    /**
     * @param stores access to the database
     */
    public MeasuredErrors(Stores stores) {
        this.stores = stores;
    }

    @Override
    public DurationErrors get() {
        Map<UUID, List<Double>> byPlan = new LinkedHashMap<>();
        for (Action action : LatestMigrations.succeeded(stores, LATEST)) {
            MigrationSlot slot = action.parameters().hasNonNull("schedule")
                    ? MigrateParameters.read(action.parameters()).schedule()
                    : null;
            if (slot != null && slot.duration() != null && action.took().isPresent()) {
                double seconds = action.took().get().toMillis() / 1e3;
                byPlan.computeIfAbsent(action.planUuid(), plan -> new ArrayList<>())
                        .add(DurationErrors.error(slot.duration().interval(), seconds));
            }
        }
        return DurationErrors.of(byPlan.values());
    }
}
