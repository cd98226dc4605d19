package io.github.godwit.strategy.objects;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of an audit, as Watcher has them.
 *
 * <pre>
 * PENDING → ONGOING → SUCCEEDED | FAILED | CANCELLED | SUSPENDED
 * PENDING → CANCELLED         SUSPENDED → ONGOING | DELETED
 * SUCCEEDED, FAILED, CANCELLED → DELETED
 * </pre>
 *
 * <p>An EVENT audit that SUCCEEDED may become ONGOING again, by its webhook alone.
 */
public enum AuditState {
    /** Accepted, not begun. */
    PENDING,
    /** Being carried out; a continuous audit between its runs too. */
    ONGOING,
    /** Ended, perhaps with an action plan. */
    SUCCEEDED,
    /** Ended without result; its status message says why. */
    FAILED,
    /** Called off. */
    CANCELLED,
    /** A continuous audit that rests. */
    SUSPENDED,
    /** Archived. */
    DELETED;

    /** Whether a client may ask for this change. */
    public boolean mayBecome(AuditState next) {
        return next().contains(next);
    }

    private Set<AuditState> next() {
        return switch (this) {
            case PENDING -> EnumSet.of(ONGOING, CANCELLED);
            case ONGOING -> EnumSet.of(SUCCEEDED, FAILED, CANCELLED, SUSPENDED);
            case SUSPENDED -> EnumSet.of(ONGOING, DELETED);
            case SUCCEEDED, FAILED, CANCELLED -> EnumSet.of(DELETED);
            case DELETED -> EnumSet.noneOf(AuditState.class);
        };
    }
}
