package io.github.godwit.strategy.objects;

import java.util.EnumSet;
import java.util.Set;

/**
 * The states of an audit, the same as Watcher's.
 *
 * <pre>
 * PENDING → ONGOING → SUCCEEDED | FAILED | CANCELLED | SUSPENDED
 * PENDING → CANCELLED         SUSPENDED → ONGOING | DELETED
 * SUCCEEDED, FAILED, CANCELLED → DELETED
 * </pre>
 *
 * <p>An EVENT audit that SUCCEEDED may become ONGOING again, only by its webhook. If its run could not begin, or failed, it is PENDING again
 * and waits for its next webhook.
 */
public enum AuditState {
    /** Accepted, but it has not begun. */
    PENDING,
    /** Running; also a continuous audit between its runs. */
    ONGOING,
    /** Ended, with or without an action plan. */
    SUCCEEDED,
    /** Ended without a result; the status message says why. */
    FAILED,
    /** Cancelled. */
    CANCELLED,
    /** A continuous audit that does not run until it is resumed. */
    SUSPENDED,
    /** Archived. */
    DELETED;

    /** Whether a client may request this change. */
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
