package io.github.godwit.strategy.server;

import io.github.godwit.strategy.actionplan.ActionHandler;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import java.util.Optional;

/** {@code migrate}: live or cold, by its parameter {@code migration_type}. */
final class MigrateByType implements ActionHandler {

    private final ActionHandler live;
    private final ActionHandler cold;

    MigrateByType(ActionHandler live, ActionHandler cold) {
        this.live = live;
        this.cold = cold;
    }

    private ActionHandler of(Action action) {
        return ColdMigrateParameters.areIn(action.parameters()) ? cold : live;
    }

    @Override
    public Optional<MoveObstacle> obstacle(Action action) {
        return of(action).obstacle(action);
    }

    @Override
    public Result run(Action action, boolean resumed, Journal journal) throws InterruptedException {
        return of(action).run(action, resumed, journal);
    }

    @Override
    public String cancel(Action action) {
        return of(action).cancel(action);
    }
}
