package io.github.godwit.strategy.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.godwit.strategy.actionplan.ActionHandler;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.Cloud.ServerState;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.ColdMigrateParameters;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code migrate} with the migration type {@code cold}: Nova stops the server if it runs, moves its disks and starts it again. The migration
 * is confirmed as soon as the server is on its destination.
 */
final class ColdMigrateHandler implements ActionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(ColdMigrateHandler.class);

    /** Disks are copied at the speed of the network, which Nova does not report. */
    private static final Duration LONGEST = Duration.ofDays(1);

    /** Nova removes the server from its source after a confirmation, which takes some seconds. */
    private static final Duration CONFIRM_AGAIN = Duration.ofSeconds(30);

    /** Nova migrates servers only in these statuses. */
    private static final Set<String> MIGRATABLE = Set.of("ACTIVE", "SHUTOFF");

    private static final String ORDERED = "ordered";

    private final Cloud cloud;
    private final ServerWatch watch;

    ColdMigrateHandler(Cloud cloud, ServerWatch watch) {
        this.cloud = cloud;
        this.watch = watch;
    }

    @Override
    public Optional<MoveObstacle> obstacle(Action action) {
        ColdMigrateParameters wanted = ColdMigrateParameters.read(action.parameters());
        return ServerActions.obstacle(cloud, wanted.resourceId(), server -> needless(server, wanted));
    }

    private static Optional<MoveObstacle> needless(ServerState server, ColdMigrateParameters wanted) {
        if (!wanted.sourceNode().equals(server.host())) {
            return Optional.of(new MoveObstacle(
                    MoveObstacle.Kind.ELSEWHERE,
                    "Server %s is on %s and not on %s."
                            .formatted(
                                    server.id(),
                                    server.host() == null ? "no host" : server.host(),
                                    wanted.sourceNode())));
        }
        if (server.locked() || !MIGRATABLE.contains(server.status())) {
            return Optional.of(new MoveObstacle(
                    MoveObstacle.Kind.UNFIT,
                    "Server %s on %s is %s."
                            .formatted(
                                    server.id(),
                                    server.host(),
                                    server.locked() ? "locked" : server.status() + " and neither ACTIVE nor SHUTOFF")));
        }
        return Optional.empty();
    }

    @Override
    public Result run(Action action, boolean resumed, Journal journal) throws InterruptedException {
        try {
            ColdMigrateParameters wanted = ColdMigrateParameters.read(action.parameters());
            if (!(resumed && wasOrdered(action, wanted))) {
                Optional<MoveObstacle> obstacle = obstacle(action);
                if (obstacle.isPresent()) {
                    return ServerActions.turned(obstacle.get());
                }
                order(wanted);
                journal.note(null, JsonNodeFactory.instance.objectNode().put(ORDERED, true));
            }
            return watch.until(wanted.resourceId(), LONGEST, journal, new Verdict(wanted)::of);
        } catch (ServiceRefusal e) {
            return Result.failed(e.getMessage());
        }
    }

    /** The note may be missing if the instance died just after the order; then the server tells. */
    private boolean wasOrdered(Action action, ColdMigrateParameters wanted) {
        JsonNode noted = action.result();
        return (noted != null && noted.path(ORDERED).asBoolean())
                || ColdStep.of(cloud.server(wanted.resourceId()), wanted.sourceNode()) != ColdStep.STAYED;
    }

    private void order(ColdMigrateParameters wanted) {
        try {
            cloud.coldMigrate(wanted.resourceId(), wanted.destinationNode());
        } catch (ServiceRefusal e) {
            if (e.kind() != ServiceRefusal.Kind.UNAVAILABLE) {
                throw e;
            } // Nova may have accepted it; the state of the server tells
        }
    }

    /** Confirms the migration when that is due, and says how it has ended. */
    private final class Verdict {
        private final ColdMigrateParameters wanted;
        private final FailureReason reason;
        private long confirmedAt;
        private boolean confirmed;

        Verdict(ColdMigrateParameters wanted) {
            this.wanted = wanted;
            this.reason = new FailureReason(cloud, wanted.resourceId(), "migrate");
        }

        Optional<Result> of(Optional<ServerState> state) {
            String id = wanted.resourceId();
            return switch (ColdStep.of(state, wanted.sourceNode())) {
                case GOES_ON -> Optional.empty();
                case TO_BE_CONFIRMED -> {
                    confirm();
                    yield Optional.empty();
                }
                case GONE -> Optional.of(Result.skipped(ServerActions.gone(id)));
                case ARRIVED ->
                    Optional.of(new Result(
                            ActionState.SUCCEEDED,
                            "Server %s is %s on %s."
                                    .formatted(
                                            id,
                                            state.get().status(),
                                            state.get().host()),
                            JsonNodeFactory.instance
                                    .objectNode()
                                    .put(
                                            ColdMigrateParameters.DESTINATION,
                                            state.get().host())));
                case STAYED, BROKEN ->
                    reason.get()
                            .map(why -> Result.failed("Nova did not migrate server %s, which is %s on %s: %s"
                                    .formatted(
                                            id,
                                            state.get().status(),
                                            state.get().host(),
                                            why)));
            };
        }

        private void confirm() {
            if (confirmed && System.nanoTime() - confirmedAt < CONFIRM_AGAIN.toNanos()) {
                return;
            }
            confirmed = true;
            confirmedAt = System.nanoTime();
            try {
                cloud.confirmMigration(wanted.resourceId());
            } catch (ServiceRefusal e) {
                LOG.warn(
                        "The cold migration of server {} is not confirmed yet: {}",
                        wanted.resourceId(),
                        e.getMessage());
            }
        }
    }

    @Override
    public String cancel(Action action) {
        return "A cold migration cannot be cancelled in Nova; it runs to its end.";
    }
}
