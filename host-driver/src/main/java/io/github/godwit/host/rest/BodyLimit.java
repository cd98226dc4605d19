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
        request.setEntityStream(new Counting(request.getEntityStream()));
    }

    private static ClientErrorException tooBig() {
        return new ClientErrorException(
                "The body is too big. At most %d bytes are taken.".formatted(MOST_BYTES),
                Response.Status.REQUEST_ENTITY_TOO_LARGE);
    }

    /** Counts what is read of a body that did not tell its length. */
    private static final class Counting extends FilterInputStream {
        private int bytes;

        Counting(InputStream body) {
            super(body);
        }

        @Override
        public int read() throws IOException {
            int next = super.read();
            count(next < 0 ? 0 : 1);
            return next;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(0, read));
            return read;
        }

        private void count(int more) {
            bytes += more;
            if (bytes > MOST_BYTES) {
                throw tooBig();
            }
        }
    }
}
