package io.github.godwit.host.migrate.recover;

import io.github.godwit.host.migrate.recover.RecoveryState.Break;
import io.github.godwit.host.migrate.recover.RecoveryState.Pending;
import io.github.godwit.host.qmp.QemuMigrationStatus;
import java.time.Duration;

/**
 * Decides when a post-copy whose connection broke is recovered, and when that is left to an operator. Pure: from what QEMU on the
 * source reports, and from the results of attempts, follows what to do.
 *
 * <pre>
 *               paused                    try
 *   CONNECTED ─────────► BROKEN ─────────────────────► PENDING
 *       ▲                  │ ▲                            │ │
 *       │                  │ └── paused again, refused, ──┘ │
 *       │                  │     or nothing for 10 s        │
 *       │                  ▼ limit, or impossible           │
 *       │               LEFT TO AN OPERATOR                 │
 *       └────────────── post-copy runs, or has ended ───────┘
 * </pre>
 *
 * <ul>
 *   <li>The first attempt is made at once, further ones after pauses that grow ({@link RecoveryTerms#pauseAfter}).
 *   <li>An attempt has failed as soon as QEMU says that the connection is broken after it has said that it recovers. QEMU before 9.1 does
 *       not say that it connects: there a break that is still reported after {@link #CONNECTS} is a failure.
 *   <li>No attempt is begun while one runs: QEMU has one connection.
 *   <li>Whoever makes the connection again, perhaps an operator by hand, it counts as recovered.
 * </ul>
 *
 * @param terms  how long it is tried
 * @param byHand what an operator can do, as the rest of a sentence
 */
public record RecoveryRule(RecoveryTerms terms, String byHand) {

    /** How long an attempt of which QEMU says nothing is waited for. The destination has just answered its host driver. */
    static final Duration CONNECTS = Duration.ofSeconds(10);

    /** How long beyond the limit an attempt that runs is waited for: Linux tries to connect for 127 s. */
    static final Duration LAST_ATTEMPT = Duration.ofSeconds(150);

    private static final String BROKE =
            "The connection broke in post-copy (%s): no page moves, and the VM waits for those that it lacks. ";

    private static final String LEFT =
            " Both QEMUs are left as they are, because the pages of the VM are on both hosts: stop neither. When the link works, %s.";

    /** What is to be done. */
    public enum Action {
        /** Nothing. */
        NOTHING,
        /** Report {@link Decision#words}. */
        REPORT,
        /** Report the words, if there are any, and try to recover; {@link #tried} gets the result. */
        TRY,
        /** Report the words as the failure of the migration. */
        GIVE_UP
    }

    /**
     * A decision.
     *
     * @param state  what to remember
     * @param action what to do
     * @param words  what to report, in sentences; empty for nothing
     */
    public record Decision(RecoveryState state, Action action, String words) {
        private static Decision nothing(RecoveryState state) {
            return new Decision(state, Action.NOTHING, "");
        }
    }

    /**
     * QEMU on the source answered a query.
     *
     * @param status its status
     * @param reason why the connection is broken, if it is
     * @param state  what was remembered: {@link RecoveryState#NONE} at first
     * @param nanos  the time by {@link System#nanoTime}, in ns
     */
    public Decision polled(QemuMigrationStatus status, String reason, RecoveryState state, long nanos) {
        return switch (status) {
            case POSTCOPY_PAUSED -> state.broken() ? stillBroken(reason, state, nanos) : broke(reason, state, nanos);
            case POSTCOPY_RECOVER_SETUP, POSTCOPY_RECOVER -> recovering(state, nanos);
            case POSTCOPY_ACTIVE, COMPLETED -> state.broken() ? recovered(state, nanos) : Decision.nothing(state);
            default -> Decision.nothing(state);
        };
    }

    /** QEMU on the source sent an event with a status. */
    public RecoveryState reported(QemuMigrationStatus status, RecoveryState state) {
        return status == QemuMigrationStatus.POSTCOPY_RECOVER_SETUP || status == QemuMigrationStatus.POSTCOPY_RECOVER
                ? state.seen()
                : state;
    }

    /** An attempt began, or did not. */
    public Decision tried(RecoveryAttempt attempt, RecoveryState state, long nanos) {
        return switch (attempt.kind()) {
            case BEGUN -> Decision.nothing(state.tried(new Pending(nanos, false)));
            case FAILED -> failed(attempt.reason(), state.tried(null), nanos);
            case IMPOSSIBLE -> giveUp(state, "It cannot be made again: %s.".formatted(attempt.reason()));
        };
    }

    private Decision broke(String reason, RecoveryState before, long nanos) {
        RecoveryState state = before.broke(reason, nanos);
        return terms.forbidden()
                ? giveUp(state, "It is not made again, because --postcopy-recovery is 0.")
                : new Decision(
                        state,
                        Action.TRY,
                        BROKE.formatted(reason)
                                + "For %d s it is tried to make it again"
                                        .formatted(terms.limit().toSeconds()));
    }

    private Decision stillBroken(String reason, RecoveryState state, long nanos) {
        Break now = state.now();
        if (now.givenUp()) {
            return Decision.nothing(state);
        }
        Pending pending = now.pending();
        if (pending != null) {
            boolean failed = pending.seen() || nanos - pending.sinceNanos() >= CONNECTS.toNanos();
            return failed ? failed(reason, state, nanos) : Decision.nothing(state);
        }
        if (now.lastsAt(nanos, terms.limit())) {
            return tooLate(state);
        }
        return nanos - now.nextNanos() >= 0 ? new Decision(state, Action.TRY, "") : Decision.nothing(state);
    }

    /** The pages may move again at any time, so that an attempt which runs is not given up before Linux must have ended it. */
    private Decision recovering(RecoveryState state, long nanos) {
        boolean late = state.broken()
                && !state.now().givenUp()
                && state.now().lastsAt(nanos, terms.limit().plus(LAST_ATTEMPT));
        return late ? tooLate(state) : Decision.nothing(state.seen());
    }

    private Decision recovered(RecoveryState before, long nanos) {
        RecoveryState state = before.recovered(nanos);
        long millis = state.counts().pausedMillis() - before.counts().pausedMillis();
        return new Decision(
                state,
                Action.REPORT,
                "The connection of post-copy was made again after %.1f s (attempts: %d). The pages move again"
                        .formatted(millis / 1e3, before.now().tries()));
    }

    private Decision failed(String reason, RecoveryState state, long nanos) {
        Duration pause = terms.pauseAfter(state.now().tries());
        return new Decision(
                state.failed(reason, nanos + pause.toNanos()),
                Action.REPORT,
                "Attempt %d to make the connection of post-copy again failed (%s); the next is in %d s"
                        .formatted(state.now().tries(), reason, pause.toSeconds()));
    }

    private Decision tooLate(RecoveryState state) {
        return giveUp(
                state,
                "It was not made again within %d s (attempts: %d; the last problem: %s)."
                        .formatted(
                                terms.limit().toSeconds(),
                                state.now().tries(),
                                state.counts().reason()));
    }

    private Decision giveUp(RecoveryState state, String why) {
        return new Decision(
                state.leftToAnOperator(),
                Action.GIVE_UP,
                BROKE.formatted(state.now().cause()) + why + LEFT.formatted(byHand));
    }
}
