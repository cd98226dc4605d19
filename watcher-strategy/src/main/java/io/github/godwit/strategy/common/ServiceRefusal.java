package io.github.godwit.strategy.common;

import java.time.Duration;
import java.util.Optional;

/** A request that is refused. Nothing was changed. The message is for the client. */
public final class ServiceRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** The kind of a refusal, which determines its HTTP status. */
    public enum Kind {
        /** The request is invalid (400). */
        INVALID,
        /** The user is not allowed to do this (403). */
        FORBIDDEN,
        /** The object does not exist (404). */
        NOT_FOUND,
        /** The current state does not allow it (409). */
        CONFLICT,
        /** The requested microversion does not support it (406). */
        NOT_ACCEPTABLE,
        /** The body is not JSON (415). */
        NOT_JSON,
        /** Too much of this is being done already (429). */
        BUSY,
        /** Another service that is needed does not answer (503). */
        UNAVAILABLE
    }

    private final Kind kind;
    private final Duration retryAfter;

    private ServiceRefusal(Kind kind, String message) {
        this(kind, message, null);
    }

    private ServiceRefusal(Kind kind, String message, Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** Creates a refusal of an invalid request (400). */
    public static ServiceRefusal invalid(String message) {
        return new ServiceRefusal(Kind.INVALID, message);
    }

    /** Creates a refusal of a request that the user is not allowed to make (403). */
    public static ServiceRefusal forbidden(String message) {
        return new ServiceRefusal(Kind.FORBIDDEN, message);
    }

    /** Creates a refusal because an object does not exist (404). */
    public static ServiceRefusal notFound(String message) {
        return new ServiceRefusal(Kind.NOT_FOUND, message);
    }

    /** Creates a refusal because the current state does not allow it (409). */
    public static ServiceRefusal conflict(String message) {
        return new ServiceRefusal(Kind.CONFLICT, message);
    }

    /** Creates a refusal because the requested microversion does not support it (406). */
    public static ServiceRefusal notAcceptable(String message) {
        return new ServiceRefusal(Kind.NOT_ACCEPTABLE, message);
    }

    /** Creates a refusal of a body that is not JSON (415). */
    public static ServiceRefusal notJson(String message) {
        return new ServiceRefusal(Kind.NOT_JSON, message);
    }

    /** Creates a refusal because too much of this is being done already (429); the client may retry. */
    public static ServiceRefusal busy(String message) {
        return new ServiceRefusal(Kind.BUSY, message);
    }

    /**
     * Creates a refusal because too much of this is being done already (429).
     *
     * @param retryAfter when the client may retry
     */
    public static ServiceRefusal busy(String message, Duration retryAfter) {
        return new ServiceRefusal(Kind.BUSY, message, retryAfter);
    }

    /** Creates a refusal because another service does not answer (503); the client may retry. */
    public static ServiceRefusal unavailable(String message) {
        return new ServiceRefusal(Kind.UNAVAILABLE, message);
    }

    /** Returns the kind. */
    public Kind kind() {
        return kind;
    }

    /** Returns when the client may retry, if that is known. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
