package io.github.godwit.strategy.objects;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of an action plan, as Watcher has them.
 *
 * <pre>
 * RECOMMENDED → PENDING → ONGOING → SUCCEEDED | FAILED
 *                         ONGOING → CANCELLING → CANCELLED | FAILED
 * RECOMMENDED → SUPERSEDED        RECOMMENDED, PENDING → CANCELLED
 * </pre>
 */
public enum ActionPlanState {
    /** Waits for somebody to start it. */
    RECOMMENDED,
    /** Started, waits for an applier. */
    PENDING,
    /** Being carried out. */
    ONGOING,
    /** All actions succeeded or were skipped. */
    SUCCEEDED,
    /** An action failed. */
    FAILED,
    /** Being called off; what runs is being stopped. */
    CANCELLING,
    /** Called off. */
    CANCELLED,
    /** Too old to be started. */
    SUPERSEDED,
    /** Archived. */
    DELETED;

    /** Whether a client may ask for this change. */
    public boolean clientMayAskFor(ActionPlanState next) {
        return switch (this) {
            case RECOMMENDED -> next == PENDING || next == CANCELLED;
            case PENDING -> next == CANCELLED;
            case ONGOING -> next == CANCELLING;
            default -> false;
        };
    }

    /** Those that may be deleted. */
    public static Set<ActionPlanState> deletable() {
        return EnumSet.of(SUCCEEDED, RECOMMENDED, FAILED, SUPERSEDED, CANCELLED);
    }

    /** Those that an applier has to do with. */
    public static Set<ActionPlanState> active() {
        return EnumSet.of(PENDING, ONGOING, CANCELLING);
    }
}
