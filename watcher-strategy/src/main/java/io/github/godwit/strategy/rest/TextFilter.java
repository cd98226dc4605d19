package io.github.godwit.strategy.rest;

import io.github.godwit.strategy.common.TextRule;
import jakarta.annotation.Priority;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;

/** Refuses paths and queries with characters that no database compares, before a route looks for them; {@link RequestBody} does so for bodies. */
@PreMatching
@Priority(TextFilter.AFTER_GUARD_FILTER)
public final class TextFilter implements ContainerRequestFilter {

    static final int AFTER_GUARD_FILTER = GuardFilter.AFTER_VERSION_FILTER + 1;

    @Override
    public void filter(ContainerRequestContext request) {
        TextRule.requireStorable("path", request.getUriInfo().getPath());
        request.getUriInfo().getQueryParameters().forEach((name, values) -> {
            TextRule.requireStorable("query", name);
            values.forEach(value -> TextRule.requireStorable(name, value));
        });
    }
}
