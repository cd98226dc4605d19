package io.github.godwit.strategy.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;

/** Negotiates the microversion of each request, and adds it and the supported range to the headers of each response. */
@PreMatching
public final class VersionFilter implements ContainerRequestFilter, ContainerResponseFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        ApiVersion.parse(request.getHeaderString(ApiVersion.HEADER)).attachTo(request);
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        response.getHeaders().putSingle(ApiVersion.HEADER, "infra-optim " + ApiVersion.of(request));
        response.getHeaders().putSingle("OpenStack-API-Minimum-Version", "infra-optim " + ApiVersion.LEAST);
        response.getHeaders().putSingle("OpenStack-API-Maximum-Version", "infra-optim " + ApiVersion.GREATEST);
        response.getHeaders().putSingle("Vary", ApiVersion.HEADER);
    }
}
