package io.github.godwit.host.common;

/** A request that this host driver cannot follow, and not for a fault of its own; the message is for the one who asked. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why it cannot. */
    public enum Kind {
        /** There is nothing of that name. */
        UNKNOWN,
        /** Something stands in its way for now. */
        CONFLICT
    }

    private final Kind kind;

    private Refusal(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** There is nothing of that name. */
    public static Refusal unknown(String message) {
        return new Refusal(Kind.UNKNOWN, message);
    }

    /** Something stands in the way. */
    public static Refusal conflict(String message) {
        return new Refusal(Kind.CONFLICT, message);
    }

    /** Why it cannot. */
    public Kind kind() {
        return kind;
    }
}
