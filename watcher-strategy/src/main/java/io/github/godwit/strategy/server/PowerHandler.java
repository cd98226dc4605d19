package io.github.godwit.strategy.server;

import io.github.godwit.strategy.actionplan.ActionHandler;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.ServerState;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Action;
import java.time.Duration;
import java.util.Optional;

/**
 * {@code stop}, with Watcher's parameter {@code resource_id}, and {@code start}, which undoes it in a rollback. A server that is gone, locked
 * or in the wanted status already is skipped.
 */
final class PowerHandler implements ActionHandler {

    /** A guest may take a minute to shut down before Nova switches it off, longer if its image says so. */
    private static final Duration LONGEST = Duration.ofMinutes(15);

    private final Cloud cloud;
    private final ServerWatch watch;
    private final Wanted wanted;

    /** What a server is to become. */
    enum Wanted {
        /** Stopped. */
        STOPPED("stop", "SHUTOFF"),
        /** Running. */
        RUNNING("start", "ACTIVE");

        private final String action;
        private final String status;

        Wanted(String action, String status) {
            this.action = action;
            this.status = status;
        }
    }

    PowerHandler(Cloud cloud, ServerWatch watch, Wanted wanted) {
        this.cloud = cloud;
        this.watch = watch;
        this.wanted = wanted;
    }

    private String server(Action action) {
        String id = action.parameters().path("resource_id").asText();
        if (id.isEmpty()) {
            throw ServiceRefusal.invalid("Action %s needs resource_id, the UUID of a server".formatted(wanted.action));
        }
        return id;
    }

    @Override
    public Optional<MoveObstacle> obstacle(Action action) {
        return ServerActions.obstacle(cloud, server(action), this::needless);
    }

    private Optional<MoveObstacle> needless(ServerState server) {
        if (wanted.status.equals(server.status())) {
            return Optional.of(new MoveObstacle(
                    MoveObstacle.Kind.ARRIVED, "Server %s is %s already.".formatted(server.id(), wanted.status)));
        }
        return server.locked()
                ? Optional.of(new MoveObstacle(MoveObstacle.Kind.UNFIT, "Server %s is locked.".formatted(server.id())))
                : Optional.empty();
    }

    /** A resumed action may have been ordered: what the server is, or is becoming, tells. */
    @Override
    public Result run(Action action, boolean resumed, Journal journal) throws InterruptedException {
        try {
            String id = server(action);
            Optional<MoveObstacle> obstacle = obstacle(action);
            boolean ordered = resumed
                    && obstacle.map(MoveObstacle::kind)
                            .filter(kind -> kind == MoveObstacle.Kind.CHANGING || kind == MoveObstacle.Kind.ARRIVED)
                            .isPresent();
            if (!ordered) {
                if (obstacle.isPresent()) {
                    return ServerActions.turned(obstacle.get());
                }
                order(id);
            }
            FailureReason reason = new FailureReason(cloud, id, wanted.action);
            return watch.until(id, LONGEST, journal, state -> result(id, state, reason));
        } catch (ServiceRefusal e) {
            return Result.failed(e.getMessage());
        }
    }

    private void order(String id) {
        try {
            if (wanted == Wanted.STOPPED) {
                cloud.stopServer(id);
            } else {
                cloud.startServer(id);
            }
        } catch (ServiceRefusal e) {
            if (e.kind() != ServiceRefusal.Kind.UNAVAILABLE) {
                throw e;
            } // Nova may have accepted it; the state of the server tells
        }
    }

    private Optional<Result> result(String id, Optional<ServerState> state, FailureReason reason) {
        if (state.isEmpty()) {
            return Optional.of(Result.skipped(ServerActions.gone(id)));
        }
        ServerState server = state.get();
        if (server.changing()) {
            return Optional.empty();
        }
        return wanted.status.equals(server.status())
                ? Optional.of(Result.succeeded("Server %s is %s.".formatted(id, wanted.status)))
                : reason.get()
                        .map(why -> Result.failed("Nova did not %s server %s, which is %s: %s"
                                .formatted(wanted.action, id, server.status(), why)));
    }

    @Override
    public String cancel(Action action) {
        return "Nova's %s of a server cannot be cancelled; it runs to its end.".formatted(wanted.action);
    }
}
