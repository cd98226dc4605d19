package io.github.godwit.strategy.common;

/** Something that was asked for and is not done; nothing was changed. The message is for whoever asked. */
public final class ServiceRefusal extends RuntimeException {

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

    private ServiceRefusal(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** What was sent makes no sense. */
    public static ServiceRefusal invalid(String message) {
        return new ServiceRefusal(Kind.INVALID, message);
    }

    /** The caller may not. */
    public static ServiceRefusal forbidden(String message) {
        return new ServiceRefusal(Kind.FORBIDDEN, message);
    }

    /** There is no such thing. */
    public static ServiceRefusal notFound(String message) {
        return new ServiceRefusal(Kind.NOT_FOUND, message);
    }

    /** What there is does not allow it now. */
    public static ServiceRefusal conflict(String message) {
        return new ServiceRefusal(Kind.CONFLICT, message);
    }

    /** The version of the API that was asked for does not know it. */
    public static ServiceRefusal notAcceptable(String message) {
        return new ServiceRefusal(Kind.NOT_ACCEPTABLE, message);
    }

    /** What has to be asked first does not answer; trying again may help. */
    public static ServiceRefusal unavailable(String message) {
        return new ServiceRefusal(Kind.UNAVAILABLE, message);
    }

    /** Why. */
    public Kind kind() {
        return kind;
    }
}
