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
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;

/**
 * Reads bodies of the announced length and refuses those that are too large, before they fill the heap.
 *
 * <p>Java's own client asks for HTTP/2 by an {@code Upgrade: h2c} header in its first request. Grizzly takes everything that follows
 * on that connection for the body of that request; so the length counts, and the connection is closed after the answer.
 */
@PreMatching
@Priority(BodyLimit.AFTER_AUTHENTICATION)
final class BodyLimit implements ContainerRequestFilter, ContainerResponseFilter {

    /** Nobody without a token makes the server read a body. */
    static final int AFTER_AUTHENTICATION = Priorities.USER + 100;

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
                length >= 0
                        ? new ByteArrayInputStream(read(request.getEntityStream(), length, LONGEST))
                        : chunked ? new Limited(request.getEntityStream()) : InputStream.nullInputStream());
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

    private static int readOf(InputStream body, byte[] bytes, int offset, int count) {
        try {
            return body.read(bytes, offset, count);
        } catch (IOException e) {
            throw unreceived(e);
        }
    }

    /** A client that sends its body bit by bit would hold a worker. */
    static byte[] read(InputStream body, int length, Duration longest) throws IOException {
        byte[] bytes = new byte[length];
        long end = System.nanoTime() + longest.toNanos();
        int count = 0;
        while (count < length) {
            int read = readOf(body, bytes, count, length - count);
            if (read < 0) {
                return Arrays.copyOf(bytes, count);
            }
            count += read;
            if (count < length && System.nanoTime() - end > 0) {
                throw new ClientErrorException(
                        "The body was not complete within %d s.".formatted(longest.toSeconds()),
                        Response.Status.REQUEST_TIMEOUT);
            }
        }
        return bytes;
    }

    private ClientErrorException tooLarge() {
        return new ClientErrorException(
                "The body is too large. At most %d bytes are accepted.".formatted(mostBytes),
                Response.Status.REQUEST_ENTITY_TOO_LARGE);
    }

    /** A body of unknown length. */
    private final class Limited extends FilterInputStream {
        private int bytes;

        Limited(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            int read = readOf(in, buffer, offset, count);
            bytes += Math.max(0, read);
            if (bytes > mostBytes) {
                throw tooLarge();
            }
            return read;
        }
    }
}
