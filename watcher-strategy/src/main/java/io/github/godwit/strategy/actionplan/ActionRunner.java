package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.actionplan.ActionHandler.Result;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.store.Stores;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one action with the handler of its type, and stores its result. */
final class ActionRunner {

    private static final Logger LOG = LoggerFactory.getLogger(ActionRunner.class);

    /** Receives each change of an action. */
    @FunctionalInterface
    interface Listener {

        /** An action has a new state or message. */
        void changed(UUID action, ActionState state, String message);
    }

    private final Stores stores;
    private final ActionHandlers handlers;
    private final Listener listener;

    ActionRunner(Stores stores, ActionHandlers handlers, Listener listener) {
        this.stores = stores;
        this.handlers = handlers;
        this.listener = listener;
    }

    /**
     * Runs an action to its end, on the calling thread, and returns it as it was before.
     *
     * @param resumed whether another instance had begun it
     */
    Action run(Action action, boolean resumed) throws InterruptedException {
        Optional<ActionHandler> handler = handlers.find(action.type());
        Result result = handler.isEmpty()
                ? Result.failed(
                        "There is no action type '%s'. The types are %s.".formatted(action.type(), handlers.types()))
                : safely(handler.get(), action, resumed);
        stores.database().jdbi().useTransaction(handle -> {
            Action now = stores.plans().action(handle, action.uuid().toString());
            stores.plans()
                    .changeAction(handle, now.uuid(), now.state(), result.state(), result.message(), result.result());
        });
        listener.changed(action.uuid(), result.state(), result.message());
        return action;
    }

    private Result safely(ActionHandler handler, Action action, boolean resumed) throws InterruptedException {
        try {
            return handler.run(action, resumed, (message, details) -> note(action, message, details));
        } catch (RuntimeException e) {
            LOG.error("Action {} failed", action.uuid(), e);
            return Result.failed("Internal error in the service; see its log: " + e);
        }
    }

    private void note(Action action, String message, JsonNode details) {
        ActionState state = stores.database().jdbi().inTransaction(handle -> {
            ActionState now =
                    stores.plans().action(handle, action.uuid().toString()).state();
            stores.plans().changeAction(handle, action.uuid(), now, now, message, details);
            return now;
        });
        listener.changed(action.uuid(), state, message);
    }
}
