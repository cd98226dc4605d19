package io.github.godwit.strategy.rest.server;

import io.github.godwit.common.rest.RemoteAddress;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;

/** Has the audit trail and the limits of failed sign-ins count the client's address, as the proxy before this service names it. */
@PreMatching
@Priority(ClientAddressFilter.BEFORE_GUARD)
final class ClientAddressFilter implements ContainerRequestFilter {

    static final int BEFORE_GUARD = Priorities.AUTHENTICATION - 100;

    @Override
    public void filter(ContainerRequestContext request) {
        ForwardedOrigin.read(request::getHeaderString)
                .client()
                .ifPresent(address -> RemoteAddress.replace(request, address));
    }
}
