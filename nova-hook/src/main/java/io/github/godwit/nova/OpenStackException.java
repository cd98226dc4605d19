package io.github.godwit.nova;

/** An OpenStack service could not be asked, or did not do what it was asked. The message says which and why. */
public final class OpenStackException extends RuntimeException {

    /** What {@link #status()} says when no HTTP answer came. */
    public static final int NO_ANSWER = 0;

    private static final long serialVersionUID = 1L;

    private final int status;

    OpenStackException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status, or {@link #NO_ANSWER}. */
    public int status() {
        return status;
    }
}
