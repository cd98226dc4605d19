package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether the end of a migration was as its schedule said. Only what the plan took itself counts: while it waited for migrations of other
 * plans, for a busy host or for the switch, nothing took longer than predicted. Pure.
 */
final class Deviation {

    /** An end outside of its interval counts if it shifts the rest by more than this share of what is left. */
    private static final double WORTH_IT = 0.1;

    private static final double SLOWEST = 4;

    /** Seconds; it takes some moments to begin a migration. */
    private static final double NOTICEABLE = 1;

    private Deviation() {}

    /** Returns when a plan began: when its first migration with a time began. */
    static Optional<Instant> began(List<Action> actions) {
        return actions.stream()
                .filter(Readiness::isScheduled)
                .map(Action::startedAt)
                .filter(at -> at != null)
                .min(Instant::compareTo);
    }

    static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1e3;
    }

    /**
     * Returns why the rest of a plan has to be scheduled again, as a sentence, or nothing.
     *
     * @param ended   the action that has ended
     * @param actions all actions of the plan, with their new states
     * @param began   when the plan began
     */
    static Optional<String> of(Action ended, List<Action> actions, Instant began) {
        double last = actions.stream()
                .filter(action -> Readiness.isScheduled(action) && action.state() == ActionState.PENDING)
                .mapToDouble(action -> end(action).path("value").asDouble())
                .max()
                .orElse(-1);
        if (last < 0 || !Readiness.isScheduled(ended) || ended.endedAt() == null) {
            return Optional.empty();
        }
        String vm = ended.parameters().path("resource_id").asText();
        if (ended.state() != ActionState.SUCCEEDED && ended.state() != ActionState.SKIPPED) {
            return Optional.of("The migration of %s did not succeed.".formatted(vm));
        }
        double waited = waited(ended, actions, began);
        double real = seconds(began, ended.endedAt()) - waited;
        JsonNode planned = end(ended);
        double value = planned.path("value").asDouble();
        boolean outside = real < planned.path("low").asDouble()
                || real > planned.path("high").asDouble();
        double left = Math.max(1, last - value);
        if (!outside || Math.abs(real - value) <= WORTH_IT * left) {
            return Optional.empty();
        }
        return Optional.of(
                "The migration of %s ended after %.1f s of the plan%s; %.1f s (%.1f to %.1f s) were predicted."
                        .formatted(
                                vm,
                                real,
                                waited < NOTICEABLE ? "" : ", without %.1f s in which it waited".formatted(waited),
                                value,
                                planned.path("low").asDouble(),
                                planned.path("high").asDouble()));
    }

    /** The part of a migration's late begin that is explained by the waiting before it, in seconds. */
    private static double waited(Action ended, List<Action> actions, Instant began) {
        if (ended.startedAt() == null) {
            return 0;
        }
        double waiting = actions.stream()
                .filter(action -> Readiness.isScheduled(action)
                        && action.startedAt() != null
                        && !action.startedAt().isAfter(ended.startedAt()))
                .mapToDouble(action -> action.waited().toMillis() / 1e3)
                .sum();
        double late = seconds(began, ended.startedAt()) - start(ended);
        return Math.max(0, Math.min(late, waiting));
    }

    /**
     * Returns by how many seconds a plan is later than its schedule, by the migration that began last; nothing if none of them had to wait,
     * since the schedule is then made again where that matters.
     */
    static OptionalDouble late(List<Action> actions, Instant began) {
        boolean waited = actions.stream().anyMatch(action -> action.waited().toMillis() / 1e3 >= NOTICEABLE);
        return actions.stream()
                .filter(action -> waited && Readiness.isScheduled(action) && action.startedAt() != null)
                .max(Comparator.comparing(Action::startedAt))
                .map(action -> OptionalDouble.of(Math.max(0, seconds(began, action.startedAt()) - start(action))))
                .orElse(OptionalDouble.empty());
    }

    /** Returns by how much longer the ended migrations of a plan took than predicted, as the median of their ratios; 1 if none has ended. */
    static double pace(List<Action> actions) {
        List<Double> ratios = actions.stream()
                .filter(action -> Readiness.isScheduled(action) && action.state() == ActionState.SUCCEEDED)
                .flatMap(action -> action.took().map(took -> ratio(action, took)).stream())
                .sorted()
                .toList();
        return ratios.isEmpty() ? 1 : Math.max(1 / SLOWEST, Math.min(SLOWEST, ratios.get(ratios.size() / 2)));
    }

    private static double ratio(Action action, Duration took) {
        double planned = schedule(action)
                .path("duration")
                .path("value")
                .asDouble(end(action).path("value").asDouble() - start(action));
        return took.toMillis() / 1e3 / Math.max(1e-3, planned);
    }

    private static JsonNode schedule(Action action) {
        return action.parameters().path("schedule");
    }

    private static double start(Action action) {
        return schedule(action).path("start").path("value").asDouble();
    }

    private static JsonNode end(Action action) {
        return schedule(action).path("end");
    }
}
