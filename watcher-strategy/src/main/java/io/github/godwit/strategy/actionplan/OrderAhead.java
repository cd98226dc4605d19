package io.github.godwit.strategy.actionplan;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Which migrations are ordered shortly before those have ended that they wait for. Nova checks and schedules a migration as soon as it is
 * ordered, which takes seconds, and queues it while its host is the source of as many as {@code max_concurrent_live_migrations} permits. So
 * the link is not idle meanwhile. Not earlier, because Nova refuses other changes of a server whose migration is queued. Pure.
 */
final class OrderAhead {

    /** Time before the predicted end of a transfer. */
    private static final Duration BEFORE = Duration.ofSeconds(10);

    private static final String SOURCE = "source_node";

    private OrderAhead() {}

    /**
     * The migrations that were ordered ahead, by the UUID of the running one whose place each of them takes.
     *
     * @param running the running migrations of a plan
     * @param byUuid  all actions of the plan
     */
    static Map<UUID, Action> passedOn(List<Action> running, Map<UUID, Action> byUuid) {
        Map<UUID, Action> passedOn = new HashMap<>();
        for (Action action : running) {
            List<Action> parents = unended(action, byUuid);
            if (Readiness.isScheduled(action) && parents.size() == 1) {
                passedOn.putIfAbsent(parents.get(0).uuid(), action);
            }
        }
        return passedOn;
    }

    private static List<Action> unended(Action action, Map<UUID, Action> byUuid) {
        return action.parents().stream()
                .map(byUuid::get)
                .filter(Objects::nonNull)
                .filter(parent -> !parent.state().isFinal())
                .toList();
    }

    /**
     * The running migration whose place a pending one can take in the queue of their host: the only one that it still waits for, if that is
     * about to end.
     *
     * @param byUuid all actions of the plan
     */
    static Optional<Action> of(Action action, Map<UUID, Action> byUuid, Instant now) {
        List<Action> parents = unended(action, byUuid);
        if (parents.size() != 1 || !Readiness.isScheduled(action) || !Readiness.isScheduled(parents.get(0))) {
            return Optional.empty();
        }
        return Optional.of(parents.get(0))
                .filter(parent -> source(parent).equals(source(action)))
                .filter(parent -> from(parent).filter(at -> !now.isBefore(at)).isPresent());
    }

    /** Whether something of a plan may be ordered ahead as time passes. */
    static boolean isPossible(List<Action> actions) {
        return actions.stream().anyMatch(action -> action.state() == ActionState.PENDING)
                && actions.stream().anyMatch(action -> from(action).isPresent());
    }

    /** When others may take the place of a migration; nothing if it is not in transfer, or its end is not predicted. */
    private static Optional<Instant> from(Action action) {
        Instant since = action.execution().transfersSince();
        double millis = action.parameters()
                .path("predicted")
                .path(Metric.TOTAL_TIME.id())
                .path("value")
                .asDouble(-1);
        return action.state() != ActionState.ONGOING || since == null || millis < 0
                ? Optional.empty()
                : Optional.of(since.plusMillis(Math.round(millis)).minus(BEFORE));
    }

    private static String source(Action action) {
        return action.parameters().path(SOURCE).asText();
    }
}
