package io.github.godwit.strategy.actionplan;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.actionplan.ActionHandler.Result;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.store.Stores;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
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
    private final Consumer<Action> transfers;

    ActionRunner(Stores stores, ActionHandlers handlers, Listener listener, Consumer<Action> transfers) {
        this.transfers = transfers;
        this.stores = stores;
        this.handlers = handlers;
        this.listener = listener;
    }

    /**
     * Runs an action to its end, on the calling thread.
     *
     * @param resumed whether it had begun before, possibly on another instance
     */
    void run(Action action, boolean resumed) throws InterruptedException {
        Optional<ActionHandler> handler = handlers.find(action.type());
        Result result = handler.isEmpty()
                ? Result.failed(
                        "There is no action type '%s'. The types are %s.".formatted(action.type(), handlers.types()))
                : safely(handler.get(), action, resumed);
        if (stored(action, result)) {
            listener.changed(action.uuid(), result.state(), result.message());
        }
    }

    /**
     * Two instances may follow the same action, if one of them did not report itself for a while; the first result counts. The budget is
     * locked, so that whoever finds no place now is queued before this place is offered to those in the queue.
     */
    private boolean stored(Action action, Result result) {
        return stores.database().jdbi().inTransaction(handle -> {
            if (MigrationBudget.migrates(action)) {
                stores.plans().lockBudget(handle);
            }
            ActionState now =
                    stores.plans().action(handle, action.uuid().toString()).state();
            if (now.isFinal()) {
                return false;
            }
            return result.state() == ActionState.PENDING
                    ? stores.executions().putBack(handle, action.uuid())
                    : stores.plans()
                            .changeAction(
                                    handle, action.uuid(), now, result.state(), result.message(), result.result());
        });
    }

    private Result safely(ActionHandler handler, Action action, boolean resumed) throws InterruptedException {
        try {
            return handler.run(action, resumed, new StoredJournal(action));
        } catch (RuntimeException e) {
            LOG.error("Action {} failed", action.uuid(), e);
            return Result.failed("Internal error in the service; see its log: " + e);
        }
    }

    /** Stores notes with the action. */
    private final class StoredJournal implements ActionHandler.Journal {
        private final Action run;
        private final UUID action;

        StoredJournal(Action run) {
            this.run = run;
            this.action = run.uuid();
        }

        @Override
        public void note(String message, JsonNode details) {
            ActionState state = stores.database().jdbi().inTransaction(handle -> {
                ActionState now =
                        stores.plans().action(handle, action.toString()).state();
                return !now.isFinal() && stores.plans().changeAction(handle, action, now, now, message, details)
                        ? now
                        : null;
            });
            if (state != null) {
                listener.changed(action, state, message);
            }
        }

        @Override
        public void beginsOnlyNow() {
            stores.database()
                    .jdbi()
                    .useTransaction(handle -> stores.executions().beginsOnlyNow(handle, action));
        }

        @Override
        public void transfers() {
            stores.database()
                    .jdbi()
                    .useTransaction(handle -> stores.executions().transfers(handle, action));
            transfers.accept(run);
        }
    }
}
