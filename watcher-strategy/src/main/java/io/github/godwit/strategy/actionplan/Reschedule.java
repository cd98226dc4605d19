package io.github.godwit.strategy.actionplan;

import java.util.UUID;

/** Makes a new schedule of what is left of a plan after an end that was not as predicted. */
public interface Reschedule {

    /**
     * A plan begins, possibly long after it was made.
     *
     * @param plan UUID of the plan
     */
    void begins(UUID plan);

    /**
     * An action has ended, and its result is stored.
     *
     * @param plan   UUID of the plan
     * @param action UUID of the action
     */
    void afterEnd(UUID plan, UUID action);
}
