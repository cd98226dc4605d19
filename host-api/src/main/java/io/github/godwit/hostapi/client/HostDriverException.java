package io.github.godwit.hostapi.client;

import java.net.URI;

/** A host driver did not do what it was asked. The message is a sentence for people and names the agent. */
public final class HostDriverException extends RuntimeException {

    /** What {@link #statusCode()} says when no HTTP answer came. */
    public static final int NO_ANSWER = 0;

    private static final int NOT_FOUND = 404;

    private static final long serialVersionUID = 1L;

    private final URI agent;
    private final int statusCode;

    private HostDriverException(URI agent, int statusCode, String message, Throwable cause) {
        super(message, cause);
        this.agent = agent;
        this.statusCode = statusCode;
    }

    /** The agent answered with an error. */
    static HostDriverException answered(URI agent, int statusCode, String error) {
        return new HostDriverException(
                agent, statusCode, "The host driver at %s answered %d: %s".formatted(agent, statusCode, error), null);
    }

    /** The agent answered, but not with what this version understands. */
    static HostDriverException unreadable(URI agent, int statusCode, String what, Throwable cause) {
        return new HostDriverException(
                agent,
                statusCode,
                "What answers at %s is no host driver that this version understands: %s.".formatted(agent, what),
                cause);
    }

    /** Nothing answered. */
    static HostDriverException silent(URI agent, String why, Throwable cause) {
        return new HostDriverException(
                agent,
                NO_ANSWER,
                "No host driver answers at %s: %s. Check that godwit-host runs there and that its port is open."
                        .formatted(agent, why),
                cause);
    }

    /** The agent takes too long. */
    static HostDriverException late(URI agent, String message) {
        return new HostDriverException(agent, NO_ANSWER, message, null);
    }

    /** Base URL of the agent. */
    public URI agent() {
        return agent;
    }

    /** HTTP status of its answer, or {@link #NO_ANSWER}. */
    public int statusCode() {
        return statusCode;
    }

    /** Whether the host driver answered that there is nothing of that name. */
    public boolean notFound() {
        return statusCode == NOT_FOUND;
    }

    /** Whether the agent is there and understood: it refused, and would again. */
    public boolean refused() {
        return statusCode >= 400 && statusCode < 500;
    }
}
