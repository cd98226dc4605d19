package io.github.godwit.strategy.server;

import io.github.godwit.strategy.actionplan.ActionHandler;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.HostService;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import java.util.Optional;

/** {@code migrate}: live or cold, by its parameter {@code migration_type}. */
final class MigrateByType implements ActionHandler {

    private final Cloud cloud;
    private final ActionHandler live;
    private final ActionHandler cold;

    MigrateByType(Cloud cloud, ActionHandler live, ActionHandler cold) {
        this.cloud = cloud;
        this.live = live;
        this.cold = cold;
    }

    private ActionHandler of(Action action) {
        return ColdMigrateParameters.areIn(action.parameters()) ? cold : live;
    }

    @Override
    public Optional<MoveObstacle> obstacle(Action action) {
        return of(action).obstacle(action).or(() -> disabled(action));
    }

    /**
     * A rollback sends nothing to a host that is disabled, by whomever: Nova's scheduler would refuse it. Destinations of plans are enabled
     * when the plan is made.
     */
    private Optional<MoveObstacle> disabled(Action action) {
        if (!action.rollsBack() || !cloud.hasNova()) {
            return Optional.empty();
        }
        String host =
                action.parameters().path(ColdMigrateParameters.DESTINATION).asText();
        try {
            HostService service = cloud.hostService(host);
            return service.enabled() ? Optional.empty() : Optional.of(disabled(action, host, service));
        } catch (ServiceRefusal e) {
            return e.kind() == ServiceRefusal.Kind.UNAVAILABLE
                    ? Optional.of(new MoveObstacle(MoveObstacle.Kind.BUSY, e.getMessage()))
                    : Optional.empty(); // the migration says what is wrong
        }
    }

    private static MoveObstacle disabled(Action action, String host, HostService service) {
        return new MoveObstacle(
                MoveObstacle.Kind.UNFIT,
                "Host %s is disabled (%s). %s stays on %s."
                        .formatted(
                                host,
                                service.disabledReason() == null
                                        ? "without a reason"
                                        : "\"%s\"".formatted(service.disabledReason()),
                                action.parameters().path("resource_id").asText(),
                                action.parameters().path("source_node").asText()));
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
