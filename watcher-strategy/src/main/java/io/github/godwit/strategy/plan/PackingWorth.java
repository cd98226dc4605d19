package io.github.godwit.strategy.plan;

import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.plan.MigrationPlan.Unplanned;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An emptied host has to save more than the moves of all its VMs cost. An idle server draws about half of its peak power (Barroso and
 * Hölzle, The case for energy-proportional computing, 2007); therefore an empty host saves half of its cores, for as long as it is
 * assumed to stay empty.
 *
 * @param horizon how long an emptied host stays empty
 */
public record PackingWorth(Duration horizon) implements PlanWorth {

    private static final double IDLE_POWER = 0.5;

    @Override
    public List<Unplanned> worthless(ClusterHistory history, MigrationPlan plan) {
        Map<String, List<PlannedMigration>> leaving = new LinkedHashMap<>();
        for (PlannedMigration migration : plan.migrations()) {
            leaving.computeIfAbsent(migration.move().from(), host -> new ArrayList<>())
                    .add(migration);
        }
        List<Unplanned> worthless = new ArrayList<>();
        leaving.forEach((host, migrations) -> {
            double gain = IDLE_POWER * history.latest().host(host).profile().cores() * horizon.toSeconds();
            double cost = migrations.stream().mapToDouble(MoveCost::coreSeconds).sum();
            if (gain <= cost) {
                String reason =
                        "The moves of all VMs of %s would take %.1f core-seconds, and an empty host saves %.1f in %d min."
                                .formatted(host, cost, gain, horizon.toMinutes());
                migrations.forEach(each -> worthless.add(Unplanned.worthless(each.move(), reason)));
            }
        });
        return worthless;
    }
}
