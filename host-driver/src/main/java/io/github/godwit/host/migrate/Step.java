package io.github.godwit.host.migrate;

import java.util.List;

/**
 * What a rule of supervision decides about one event.
 *
 * @param <S>     type of the state
 * @param <A>     type of the actions
 * @param state   the new state; it holds before the first action is performed
 * @param actions what to do, in this order; where an action itself yields an event, the rule decides about that event before the
 *                next action
 */
public record Step<S, A>(S state, List<A> actions) {

    /** Copies the actions. */
    public Step {
        actions = List.copyOf(actions);
    }

    /** A new state and what to do, perhaps nothing. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public static <S, A> Step<S, A> of(S state, A... actions) {
        return new Step<>(state, List.of(actions));
    }
}
