package io.github.godwit.host.migrate.recover;

/**
 * How an attempt to recover a post-copy began.
 *
 * @param kind   what came of it so far
 * @param reason why it failed or is impossible; null if it has begun
 */
public record RecoveryAttempt(Kind kind, String reason) {

    /** What came of an attempt so far. */
    public enum Kind {
        /** The source connects to the destination; its status shows what comes of it. */
        BEGUN,
        /** It failed, and may succeed later. */
        FAILED,
        /** No attempt can succeed. */
        IMPOSSIBLE
    }

    /** The source connects. */
    public static RecoveryAttempt begun() {
        return new RecoveryAttempt(Kind.BEGUN, null);
    }

    /** It failed, and may succeed later. */
    public static RecoveryAttempt failed(String reason) {
        return new RecoveryAttempt(Kind.FAILED, reason);
    }

    /** No attempt can succeed. */
    public static RecoveryAttempt impossible(String reason) {
        return new RecoveryAttempt(Kind.IMPOSSIBLE, reason);
    }
}
