package io.github.godwit.common.rest;

import jakarta.annotation.Priority;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * Refuses bodies that are too large, and receives the others when a route asks for them and not before. No request without a token, and
 * none for a route without a body, makes a worker wait for one.
 *
 * <p>Java's own client asks for HTTP/2 by an {@code Upgrade: h2c} header in its first request. Grizzly takes everything that follows
 * on that connection for the body of that request; so the length counts, and the connection is closed after the answer.
 */
@PreMatching
@Priority(BodyLimit.AFTER_AUTHENTICATION)
final class BodyLimit implements ContainerRequestFilter, ContainerResponseFilter {

    static final int AFTER_AUTHENTICATION = Priorities.USER + 100;

    private static final int UNKNOWN = -1;
    private static final int PIECE = 8192;

    /** How long a body may take. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    private final int mostBytes;

    /**
     * Limits bodies.
     *
     * @param mostBytes the largest body that is read
     */
    BodyLimit(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        int length = request.getLength();
        if (length > mostBytes) {
            throw tooLarge();
        }
        boolean chunked = request.getHeaderString("Transfer-Encoding") != null;
        request.setEntityStream(
                length >= 0 || chunked
                        ? new Body(request.getEntityStream(), Math.max(UNKNOWN, length))
                        : InputStream.nullInputStream());
    }

    /** A client that announces a body and does not send it gets an error. */
    private static ClientErrorException unreceived(IOException failure) {
        return failure.getCause() instanceof TimeoutException
                ? new ClientErrorException("The body did not come in time.", Response.Status.REQUEST_TIMEOUT)
                : new ClientErrorException(
                        "The body cannot be received: " + failure.getMessage(), Response.Status.BAD_REQUEST);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        boolean bodyLeft = response.getStatus() == Response.Status.REQUEST_ENTITY_TOO_LARGE.getStatusCode()
                || response.getStatus() == Response.Status.REQUEST_TIMEOUT.getStatusCode();
        if (bodyLeft || request.getHeaderString("Upgrade") != null) {
            response.getHeaders().putSingle("Connection", "close");
        }
    }

    private static int readOf(InputStream body, byte[] bytes, int count) {
        try {
            return body.read(bytes, 0, count);
        } catch (IOException e) {
            throw unreceived(e);
        }
    }

    /**
     * Reads up to the end of a body, and at most so many bytes. A client that sends its body bit by bit would hold a worker.
     *
     * @throws ClientErrorException with status 408 if that takes longer than {@code longest}
     */
    static byte[] read(InputStream body, int most, Duration longest) {
        ByteArrayOutputStream received = new ByteArrayOutputStream(Math.min(most, PIECE));
        byte[] piece = new byte[Math.min(most, PIECE)];
        long end = System.nanoTime() + longest.toNanos();
        while (received.size() < most) {
            int read = readOf(body, piece, Math.min(piece.length, most - received.size()));
            if (read < 0) {
                break;
            }
            received.write(piece, 0, read);
            if (received.size() < most && System.nanoTime() - end > 0) {
                throw new ClientErrorException(
                        "The body was not complete within %d s.".formatted(longest.toSeconds()),
                        Response.Status.REQUEST_TIMEOUT);
            }
        }
        return received.toByteArray();
    }

    private ClientErrorException tooLarge() {
        return new ClientErrorException(
                "The body is too large. At most %d bytes are accepted.".formatted(mostBytes),
                Response.Status.REQUEST_ENTITY_TOO_LARGE);
    }

    /** A body that is received as a whole when its first byte is read. */
    private final class Body extends InputStream {
        private final InputStream network;
        private final int length;
        private InputStream received;

        Body(InputStream network, int length) {
            this.network = network;
            this.length = length;
        }

        private InputStream received() {
            if (received == null) {
                byte[] bytes = BodyLimit.read(network, length == UNKNOWN ? mostBytes + 1 : length, LONGEST);
                if (bytes.length > mostBytes) {
                    throw tooLarge();
                }
                received = new ByteArrayInputStream(bytes);
            }
            return received;
        }

        @Override
        public int read() throws IOException {
            return received().read();
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            return received().read(buffer, offset, count);
        }
    }
}
