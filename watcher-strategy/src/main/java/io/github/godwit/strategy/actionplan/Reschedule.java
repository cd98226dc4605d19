package io.github.godwit.strategy.actionplan;

import java.util.UUID;

/** Makes a new schedule of what is left of a plan after an end that was not as predicted. */
@FunctionalInterface
public interface Reschedule {

    /** Keeps the schedule as it is. */
    Reschedule NEVER = (plan, action) -> {};

    /**
     * An action has ended, and its result is stored.
     *
     * @param plan   UUID of the plan
     * @param action UUID of the action
     */
    void afterEnd(UUID plan, UUID action);
}
