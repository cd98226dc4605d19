package io.github.godwit.strategy.rest.server;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.net.URI;

/** Has all links of an answer begin with the scheme and the host by which the client reaches the proxy before this service. */
@PreMatching
@Priority(Priorities.HEADER_DECORATOR)
final class ProxyFilter implements ContainerRequestFilter {

    @Override
    public void filter(ContainerRequestContext request) {
        URI seen = request.getUriInfo().getRequestUri();
        ForwardedOrigin origin = ForwardedOrigin.read(request::getHeaderString);
        String base = "%s://%s"
                .formatted(
                        origin.scheme().orElse(seen.getScheme()), origin.host().orElse(seen.getRawAuthority()));
        String query = seen.getRawQuery() == null ? "" : "?" + seen.getRawQuery();
        request.setRequestUri(URI.create(base + "/"), URI.create(base + seen.getRawPath() + query));
    }
}
