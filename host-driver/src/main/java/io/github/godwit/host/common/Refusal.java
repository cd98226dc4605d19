package io.github.godwit.host.common;

/**
 * A request that the host driver cannot fulfil because of the state of this host or of another host driver. The message is
 * sent to the caller.
 */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The cause, which decides the HTTP status of the response. */
    public enum Kind {
        /** There is no VM or migration of this name: status 404. */
        UNKNOWN,
        /** The current state of the VM or the host does not allow it: status 409. */
        CONFLICT
    }

    private final Kind kind;

    private Refusal(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** A refusal because there is no VM or migration of this name. */
    public static Refusal unknown(String message) {
        return new Refusal(Kind.UNKNOWN, message);
    }

    /** A refusal because of the current state of the VM or the host. */
    public static Refusal conflict(String message) {
        return new Refusal(Kind.CONFLICT, message);
    }

    /** The cause of the refusal. */
    public Kind kind() {
        return kind;
    }
}
