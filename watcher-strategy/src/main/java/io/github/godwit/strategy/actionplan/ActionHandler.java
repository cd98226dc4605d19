package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;

/** Runs actions of one type. */
public interface ActionHandler {

    /**
     * The result of an action.
     *
     * @param state   SUCCEEDED, FAILED, CANCELLED or SKIPPED
     * @param message the status message, or null for none
     * @param result  details to store, or null for none
     */
    record Result(ActionState state, String message, JsonNode result) {

        static Result succeeded(String message) {
            return new Result(ActionState.SUCCEEDED, message, null);
        }

        /** The action is not needed; the actions after it are not affected. */
        static Result skipped(String message) {
            return new Result(ActionState.SKIPPED, message, null);
        }

        static Result failed(String message) {
            return new Result(ActionState.FAILED, message, null);
        }
    }

    /** Stores what a running action has found or is waiting for, so that it outlives this instance. */
    @FunctionalInterface
    interface Journal {

        /** Stores nothing. */
        Journal NONE = (message, result) -> {};

        /**
         * Stores the status message and the result of a running action.
         *
         * @param message the status message, or null for none
         * @param result  details, or null to keep those that are stored
         */
        void note(String message, JsonNode result);
    }

    /**
     * Runs an action to its end, on its own thread.
     *
     * @param action  the action, with the result that an earlier run noted, if there was one
     * @param resumed whether another instance, which died, had begun it; its effects must not be repeated
     * @param journal stores what must be known if this instance dies, and what the action waits for
     * @throws InterruptedException if this instance is stopping; the stored action stays as it is
     */
    Result run(Action action, boolean resumed, Journal journal) throws InterruptedException;

    /**
     * Stops a running action, if it can be stopped; it ends soon after.
     *
     * @return why it cannot be stopped, in a sentence, or null
     */
    String cancel(Action action);
}
