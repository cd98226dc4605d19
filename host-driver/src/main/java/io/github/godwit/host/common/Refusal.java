package io.github.godwit.host.common;

/** A request that this host driver cannot follow, and not for a fault of its own; the message is for the one who asked. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why it cannot. */
    public enum Kind {
        /** There is nothing of that name. */
        UNKNOWN,
        /** Something stands in its way for now. */
        CONFLICT,
        /** Another host driver does not answer as it should. */
        PEER
    }

    private final Kind kind;

    private Refusal(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** There is nothing of that name. */
    public static Refusal unknown(String message) {
        return new Refusal(Kind.UNKNOWN, message, null);
    }

    /** Something stands in the way. */
    public static Refusal conflict(String message) {
        return new Refusal(Kind.CONFLICT, message, null);
    }

    /** Another host driver refuses or does not answer. */
    public static Refusal peer(String message, Throwable cause) {
        return new Refusal(Kind.PEER, message, cause);
    }

    /** Why it cannot. */
    public Kind kind() {
        return kind;
    }
}
