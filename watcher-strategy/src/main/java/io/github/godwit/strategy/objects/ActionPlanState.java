package io.github.godwit.strategy.objects;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of an action plan, the same as Watcher's.
 *
 * <pre>
 * RECOMMENDED → PENDING → ONGOING → SUCCEEDED | FAILED
 *                         ONGOING → CANCELLING → CANCELLED | FAILED
 * RECOMMENDED → SUPERSEDED        RECOMMENDED, PENDING → CANCELLED
 * </pre>
 */
public enum ActionPlanState {
    /** Not started. */
    RECOMMENDED,
    /** Started, but no instance runs it yet. */
    PENDING,
    /** Running. */
    ONGOING,
    /** All actions succeeded or were skipped. */
    SUCCEEDED,
    /** An action failed. */
    FAILED,
    /** Being cancelled: running actions are being stopped. */
    CANCELLING,
    /** Cancelled. */
    CANCELLED,
    /** Not started in time; it cannot be started any more. */
    SUPERSEDED,
    /** Archived. */
    DELETED;

    /** Whether a client may request this change. */
    public boolean clientMayAskFor(ActionPlanState next) {
        return switch (this) {
            case RECOMMENDED -> next == PENDING || next == CANCELLED;
            case PENDING -> next == CANCELLED;
            case ONGOING -> next == CANCELLING;
            default -> false;
        };
    }

    /** The states in which a plan may be deleted. */
    public static Set<ActionPlanState> deletable() {
        return EnumSet.of(SUCCEEDED, RECOMMENDED, FAILED, SUPERSEDED, CANCELLED);
    }

    /** The states in which an instance has to run or finish a plan. */
    public static Set<ActionPlanState> active() {
        return EnumSet.of(PENDING, ONGOING, CANCELLING);
    }
}
