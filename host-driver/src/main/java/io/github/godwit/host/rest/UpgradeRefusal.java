package io.github.godwit.host.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;

/**
 * Closes the connection of a client that asked for HTTP/2, as Java's own does unless told otherwise: Grizzly takes all that
 * follows on it for the body of that first request.
 */
final class UpgradeRefusal implements ContainerResponseFilter {

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getHeaderString("Upgrade") != null) {
            response.getHeaders().putSingle("Connection", "close");
        }
    }
}
