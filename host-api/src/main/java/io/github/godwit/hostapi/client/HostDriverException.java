package io.github.godwit.hostapi.client;

import java.net.URI;

/** A request to a host driver failed. The message is for people, and contains the URL of the host driver. */
public final class HostDriverException extends RuntimeException {

    /** Value of {@link #statusCode()} if there was no HTTP response. */
    public static final int NO_ANSWER = 0;

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private static final long serialVersionUID = 1L;

    private final URI url;
    private final int statusCode;

    private HostDriverException(URI url, int statusCode, String message, Throwable cause) {
        super(message, cause);
        this.url = url;
        this.statusCode = statusCode;
    }

    /** The host driver answered with an error status. */
    static HostDriverException answered(URI url, int statusCode, String error) {
        return new HostDriverException(
                url, statusCode, "The host driver at %s answered %d: %s".formatted(url, statusCode, error), null);
    }

    /** The response is not what this version of the client expects. */
    static HostDriverException unreadable(URI url, int statusCode, String what, Throwable cause) {
        return new HostDriverException(
                url,
                statusCode,
                "The response from %s is not one of a host driver that this version understands: %s."
                        .formatted(url, what),
                cause);
    }

    /** There was no response. */
    static HostDriverException noAnswer(URI url, String reason, Throwable cause) {
        return new HostDriverException(
                url,
                NO_ANSWER,
                "No host driver answers at %s: %s. Check that godwit-host runs there and that its port is open."
                        .formatted(url, reason),
                cause);
    }

    /** One of the two sides does not accept the certificate of the other one, or does not speak TLS. */
    static HostDriverException untrusted(URI url, String reason, Throwable cause) {
        return new HostDriverException(
                url,
                NO_ANSWER,
                ("There is no secure connection to %s: %s. Check that a host driver with TLS runs there, and that the certificate of each"
                                + " side is valid now and of an authority that the other side trusts; that of the host driver has to name"
                                + " the host in this URL.")
                        .formatted(url, reason),
                cause);
    }

    /** A migration did not end within the time that the caller allows it. */
    static HostDriverException notEnded(URI url, String message) {
        return new HostDriverException(url, NO_ANSWER, message, null);
    }

    /** Base URL of the host driver. */
    public URI url() {
        return url;
    }

    /** HTTP status of the response, or {@link #NO_ANSWER}. */
    public int statusCode() {
        return statusCode;
    }

    /** Whether the host driver answered that there is nothing of that name. */
    public boolean notFound() {
        return statusCode == NOT_FOUND;
    }

    /** Whether the host driver answered that the state of what is named does not permit the request. */
    public boolean conflict() {
        return statusCode == CONFLICT;
    }

    /** Whether the host driver refused the request (status 4xx): sending it again will not help. */
    public boolean refused() {
        return statusCode >= 400 && statusCode < 500;
    }
}
