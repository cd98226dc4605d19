package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.MoveObstacle;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import java.util.Optional;

/** Runs actions of one type. */
public interface ActionHandler {

    /**
     * The result of an action.
     *
     * @param state   SUCCEEDED, FAILED, CANCELLED or SKIPPED; PENDING if it has changed nothing and has to begin again
     * @param message the status message, or null for none
     * @param result  details to store, or null for none
     */
    record Result(ActionState state, String message, JsonNode result) {

        /** The action took effect. */
        public static Result succeeded(String message) {
            return new Result(ActionState.SUCCEEDED, message, null);
        }

        /** The action is not needed; the actions after it are not affected. */
        public static Result skipped(String message) {
            return new Result(ActionState.SKIPPED, message, null);
        }

        /** The action failed. */
        public static Result failed(String message) {
            return new Result(ActionState.FAILED, message, null);
        }

        /** The action has changed nothing. It gives its place back and begins again when its turn has come. */
        public static Result beginsAgain() {
            return new Result(ActionState.PENDING, null, null);
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

        /** The action had to wait for others until now. Its real begin is now. */
        default void beginsOnlyNow() {}

        /** The VM of a migration is being sent from now on. */
        default void transfers() {}
    }

    /**
     * Returns why an action is not begun now, or nothing. It waits while the obstacle passes, without a place in the budget, and is
     * skipped for any other.
     *
     * @param action an action that has not begun
     */
    default Optional<MoveObstacle> obstacle(Action action) {
        return Optional.empty();
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
