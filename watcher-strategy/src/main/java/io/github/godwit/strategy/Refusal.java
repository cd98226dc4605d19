package io.github.godwit.strategy;

/** Something that was asked for and is not done; nothing was changed. The message is for whoever asked. */
public final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why. */
    public enum Kind {
        /** What was sent makes no sense. */
        INVALID,
        /** The caller may not. */
        FORBIDDEN,
        /** There is no such thing. */
        NOT_FOUND,
        /** What there is does not allow it now. */
        CONFLICT,
        /** The version of the API that was asked for does not know it. */
        NOT_ACCEPTABLE,
        /** What has to be asked first does not answer. */
        UNAVAILABLE
    }

    private final Kind kind;

    private Refusal(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What was sent makes no sense. */
    public static Refusal invalid(String message) {
        return new Refusal(Kind.INVALID, message);
    }

    /** The caller may not. */
    public static Refusal forbidden(String message) {
        return new Refusal(Kind.FORBIDDEN, message);
    }

    /** There is no such thing. */
    public static Refusal notFound(String message) {
        return new Refusal(Kind.NOT_FOUND, message);
    }

    /** What there is does not allow it now. */
    public static Refusal conflict(String message) {
        return new Refusal(Kind.CONFLICT, message);
    }

    /** The version of the API that was asked for does not know it. */
    public static Refusal notAcceptable(String message) {
        return new Refusal(Kind.NOT_ACCEPTABLE, message);
    }

    /** What has to be asked first does not answer; trying again may help. */
    public static Refusal unavailable(String message) {
        return new Refusal(Kind.UNAVAILABLE, message);
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }
}
