package io.github.godwit.nova;

/** An OpenStack service does not answer, or reports an error. The message names the request and the reason. */
public final class OpenStackException extends RuntimeException {

    /** The value of {@link #status()} without an HTTP response. */
    public static final int NO_ANSWER = 0;

    private static final long serialVersionUID = 1L;

    private final int status;

    OpenStackException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** Returns the HTTP status, or {@link #NO_ANSWER}. */
    public int status() {
        return status;
    }
}
