package io.github.godwit.strategy.server;

import io.github.godwit.strategy.actionplan.ActionHandler;
import io.github.godwit.strategy.actionplan.ActionHandlers;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.ServerState;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The types of action that need Nova: {@code stop}, {@code start}, and {@code migrate} with the migration type {@code cold}. */
public final class ServerActions {

    /** Between two requests to Nova about one server. */
    private static final Duration POLL = Duration.ofSeconds(2);

    private ServerActions() {}

    /**
     * Returns handlers that know these types too.
     *
     * @param handlers handlers that include one for {@code migrate}
     * @param cloud    hosts and servers
     */
    public static ActionHandlers addedTo(ActionHandlers handlers, Cloud cloud) {
        return addedTo(handlers, cloud, POLL);
    }

    static ActionHandlers addedTo(ActionHandlers handlers, Cloud cloud, Duration poll) {
        ServerWatch watch = new ServerWatch(cloud, poll);
        ActionHandler live = handlers.find("migrate").orElseThrow();
        return handlers.with(Map.of(
                "migrate", new MigrateByType(cloud, live, new ColdMigrateHandler(cloud, watch)),
                "stop", new PowerHandler(cloud, watch, PowerHandler.Wanted.STOPPED),
                "start", new PowerHandler(cloud, watch, PowerHandler.Wanted.RUNNING)));
    }

    /**
     * Returns the obstacle that a server is to an action, or nothing.
     *
     * @param state  the server, or nothing if it does not exist
     * @param id     its UUID
     * @param others finds further obstacles to a server that exists and is not being changed
     */
    static Optional<MoveObstacle> obstacle(
            Optional<ServerState> state, String id, Function<ServerState, Optional<MoveObstacle>> others) {
        if (state.isEmpty()) {
            return Optional.of(new MoveObstacle(MoveObstacle.Kind.GONE, gone(id)));
        }
        ServerState server = state.get();
        if (server.changing()) {
            return Optional.of(new MoveObstacle(
                    MoveObstacle.Kind.CHANGING,
                    "Nova is changing server %s (%s, task_state %s).".formatted(id, server.status(), server.task())));
        }
        return others.apply(server);
    }

    /** Returns the server, or the obstacle that Nova does not answer. */
    static Optional<MoveObstacle> obstacle(
            Cloud cloud, String id, Function<ServerState, Optional<MoveObstacle>> others) {
        try {
            return obstacle(cloud.server(id), id, others);
        } catch (ServiceRefusal e) {
            if (e.kind() != ServiceRefusal.Kind.UNAVAILABLE) {
                throw e;
            }
            return Optional.of(new MoveObstacle(MoveObstacle.Kind.BUSY, e.getMessage()));
        }
    }

    static String gone(String id) {
        return "Nova no longer has server %s.".formatted(id);
    }

    /** Whether an obstacle ends by itself decides whether the action begins again or is skipped. */
    static ActionHandler.Result turned(MoveObstacle obstacle) {
        return obstacle.passes() ? ActionHandler.Result.beginsAgain() : ActionHandler.Result.skipped(obstacle.reason());
    }
}
