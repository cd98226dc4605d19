package io.github.godwit.strategy.rest;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.util.Set;

/** Has the guard look at each request but those for what everybody may see, before it is known whether there is such a route. */
@PreMatching
@Priority(GuardFilter.AFTER_THE_VERSION)
public final class GuardFilter implements ContainerRequestFilter {

    static final int AFTER_THE_VERSION = Priorities.USER + 1;

    private static final String TOKEN = "X-Auth-Token";
    private static final String PAGE = "ui/";
    private static final Set<String> FOR_ALL = Set.of("", "healthz", "metrics", SessionResource.PATH);

    private final Guard guard;

    public GuardFilter(Guard guard) {
        this.guard = guard;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        if (!FOR_ALL.contains(path) && !path.startsWith(PAGE)) {
            guard.admit(request.getMethod(), path, request.getHeaderString(TOKEN));
        }
    }
}
