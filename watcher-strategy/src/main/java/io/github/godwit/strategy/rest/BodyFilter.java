package io.github.godwit.strategy.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/**
 * Takes bodies whole and of the length that was announced, and none that is too large. Java's own client asks for HTTP/2 with its
 * first request; Grizzly would take all that follows on such a connection for that request's body.
 */
@PreMatching
public final class BodyFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final int TOO_LARGE = 413;

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        int length = request.getLength();
        if (length > RequestBody.MOST_BYTES) {
            // What is left of the body would be taken for the next request.
            Response refusal = ServiceErrorMapper.error(
                    TOO_LARGE, "The body is too large: at most %d bytes are taken.".formatted(RequestBody.MOST_BYTES));
            refusal.getHeaders().putSingle("Connection", "close");
            request.abortWith(refusal);
        } else if (length >= 0) {
            request.setEntityStream(
                    new ByteArrayInputStream(request.getEntityStream().readNBytes(length)));
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getHeaderString("Upgrade") != null) {
            response.getHeaders().putSingle("Connection", "close");
        }
    }
}
