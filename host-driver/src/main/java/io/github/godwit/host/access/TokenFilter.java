package io.github.godwit.host.access;

import io.github.godwit.hostapi.ApiError;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** Rejects requests without the token with status 401. */
@PreMatching
@Priority(Priorities.AUTHENTICATION)
final class TokenFilter implements ContainerRequestFilter {

    private final Token token;

    TokenFilter(Token token) {
        this.token = token;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!token.matches(request.getHeaderString(HttpHeaders.AUTHORIZATION))) {
            request.abortWith(refusal());
        }
    }

    static Response refusal() {
        return Response.status(Response.Status.UNAUTHORIZED)
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(new ApiError(
                        "The token is missing or wrong. Send 'Authorization: Bearer TOKEN' with the token in this"
                                + " host driver's --token-file."))
                .build();
    }
}
