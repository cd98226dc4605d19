package io.github.godwit.host.rest;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Refuses bodies that no request of this API needs, before they fill the small heap. */
@PreMatching
final class BodyLimit implements ContainerRequestFilter {

    /** Ten times the longest sensible request. */
    static final int MOST_BYTES = 64 << 10;

    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getLength() > MOST_BYTES) {
            throw tooBig();
        }
        // Grizzly takes what follows an "Upgrade: h2c" header, which Java's own client sends, for a body without end.
        int length = request.getLength() < 0 ? Integer.MAX_VALUE : request.getLength();
        request.setEntityStream(new Counting(request.getEntityStream(), length));
    }

    private static ClientErrorException tooBig() {
        return new ClientErrorException(
                "The body is too big. At most %d bytes are taken.".formatted(MOST_BYTES),
                Response.Status.REQUEST_ENTITY_TOO_LARGE);
    }

    /** Ends where the body was said to end, and refuses one that did not say and goes on for too long. */
    private static final class Counting extends FilterInputStream {
        private final int length;
        private int bytes;

        Counting(InputStream body, int length) {
            super(body);
            this.length = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            int read = bytes >= length ? -1 : super.read(buffer, offset, Math.min(count, length - bytes));
            bytes += Math.max(0, read);
            if (bytes > MOST_BYTES) {
                throw tooBig();
            }
            return read;
        }
    }
}
