package io.github.godwit.strategy.plan;

import io.github.godwit.model.schedule.DurationErrors;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.RunningMigration;
import java.util.List;
import java.util.function.Supplier;

/**
 * What every schedule depends on besides the facts about its moves, the first one of a plan as well as each later one.
 *
 * @param racks    links between racks
 * @param overhead time of a migration besides its transfer, in seconds
 * @param errors   how far the durations of migrations are from their predictions
 * @param running  the migrations of all plans that run now
 */
public record ScheduleSources(
        Racks racks,
        Supplier<Interval> overhead,
        Supplier<DurationErrors> errors,
        Supplier<List<RunningMigration>> running) {}
