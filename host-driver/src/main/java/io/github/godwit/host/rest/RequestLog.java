package io.github.godwit.host.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs each request at debug level; never its headers, which hold the token. */
final class RequestLog implements ContainerResponseFilter {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (LOG.isDebugEnabled()) {
            LOG.debug("{} {} → {}", request.getMethod(), request.getUriInfo().getPath(), response.getStatus());
        }
    }
}
