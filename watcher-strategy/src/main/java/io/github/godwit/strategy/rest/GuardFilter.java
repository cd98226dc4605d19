package io.github.godwit.strategy.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;

/** Has the guard look at each request but those for what everybody may see. */
final class GuardFilter implements ContainerRequestFilter {

    private final Guard guard;

    GuardFilter(Guard guard) {
        this.guard = guard;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        String path = request.getUriInfo().getPath();
        boolean open = path.isEmpty() || "healthz".equals(path);
        if (!open) {
            guard.refusal(request).ifPresent(request::abortWith);
        }
    }
}
