package io.github.godwit.strategy.rest;

import io.github.godwit.common.rest.RemoteAddress;
import io.github.godwit.strategy.access.Caller;
import io.github.godwit.strategy.access.RouteRule;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.util.Set;

/**
 * Authorizes each request before it is matched to a route, so that a client without a token cannot find out which routes exist, and before
 * its body is received. The page, the versions, {@code healthz}, {@code metrics} and the sign-in are public.
 */
@PreMatching
@Priority(GuardFilter.AFTER_VERSION_FILTER)
public final class GuardFilter implements ContainerRequestFilter {

    static final int AFTER_VERSION_FILTER = Priorities.USER + 1;

    private static final String TOKEN = "X-Auth-Token";
    private static final String PAGE_PREFIX = "ui/";
    private static final Set<String> PUBLIC_PATHS = Set.of("", "healthz", "metrics", SessionResource.PATH);

    private final Guard guard;

    /** Creates a filter that asks {@code guard}. */
    public GuardFilter(Guard guard) {
        this.guard = guard;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        guard.inspect(request);
        String path = request.getUriInfo().getPath();
        if (!PUBLIC_PATHS.contains(path) && !path.startsWith(PAGE_PREFIX)) {
            Caller caller = guard.caller(token(request), RemoteAddress.of(request));
            TrailNotes.caller(request, caller);
            guard.require(caller, rule(request).name());
        }
    }

    /** Returns the value of {@code X-Auth-Token}, or null. */
    public static String token(ContainerRequestContext request) {
        return request.getHeaderString(TOKEN);
    }

    /** Returns the rule that applies to a request, by the path as routes are matched by it. */
    public static RouteRule rule(ContainerRequestContext request) {
        return RouteRule.of(request.getMethod(), request.getUriInfo().getPath(false));
    }
}
