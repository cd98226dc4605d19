package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;

/** Carries out actions of one type. */
public interface ActionHandler {

    /**
     * What came of an action.
     *
     * @param state   SUCCEEDED, FAILED, CANCELLED or SKIPPED
     * @param message what there is to say, or null
     * @param result  what is kept, or null
     */
    record Result(ActionState state, String message, JsonNode result) {

        static Result succeeded(String message) {
            return new Result(ActionState.SUCCEEDED, message, null);
        }

        static Result failed(String message) {
            return new Result(ActionState.FAILED, message, null);
        }
    }

    /**
     * Carries out an action, on a thread of its own.
     *
     * @param resumed whether an instance that is gone had begun it: what it did must not be done twice
     * @throws InterruptedException when this instance is stopping; the action stays as it is
     */
    Result run(Action action, boolean resumed) throws InterruptedException;

    /**
     * Stops an action that runs, as far as it can be; it ends soon after.
     *
     * @return why it cannot be stopped, or null
     */
    String cancel(Action action);
}
