package io.github.godwit.strategy.rest;

import io.github.godwit.common.rest.RemoteAddress;
import io.github.godwit.strategy.access.Caller;
import io.github.godwit.strategy.access.RouteRule;
import io.github.godwit.strategy.objects.TrailEvent.Cause;
import io.github.godwit.strategy.objects.TrailEvent.Initiator;
import io.github.godwit.strategy.objects.TrailEvent.Target;
import io.github.godwit.strategy.trail.Trail;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives each request an id, and writes a line of the audit trail for each one that changes something, or was to. Requests whose user is not
 * known, because they have no valid token, change nothing and leave no line.
 */
@PreMatching
@Priority(Priorities.AUTHENTICATION)
public final class TrailFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String REQUEST_ID = "X-Openstack-Request-Id";
    private static final String PROPERTY = TrailFilter.class.getName();

    private final Trail trail;

    /** Creates a filter that writes to {@code trail}. */
    public TrailFilter(Trail trail) {
        this.trail = trail;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(PROPERTY, "req-" + UUID.randomUUID());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(PROPERTY) instanceof String id)) {
            return;
        }
        response.getHeaders().putSingle(REQUEST_ID, id);
        RouteRule rule = GuardFilter.rule(request);
        Optional<Caller> caller = TrailNotes.caller(request);
        if (caller.isPresent() && rule.changes(response.getStatus())) {
            trail.asked(
                    TrailNotes.action(request).orElse(rule.verb()),
                    new Target(type(rule), target(request, response, rule)),
                    initiator(caller.get(), RemoteAddress.of(request)),
                    Cause.request(id, "/" + request.getUriInfo().getPath(), response.getStatus()));
        }
    }

    private static Initiator initiator(Caller caller, String address) {
        return new Initiator(
                caller.id(),
                caller.name(),
                caller.project(),
                caller.roles().stream().sorted().toList(),
                address);
    }

    /** A webhook is not an object; its path names an audit. */
    private static String type(RouteRule rule) {
        return "webhook".equals(rule.resource()) ? "audit" : rule.resource();
    }

    private static String target(ContainerRequestContext request, ContainerResponseContext response, RouteRule rule) {
        return TrailNotes.target(request)
                .or(() -> Optional.ofNullable(rule.target()))
                .or(() -> created(response))
                .orElse("PUT".equals(request.getMethod()) ? rule.resource() : null);
    }

    /** The last part of the header {@code Location}. */
    private static Optional<String> created(ContainerResponseContext response) {
        Object location = response.getHeaders().getFirst(HttpHeaders.LOCATION);
        return location instanceof URI uri
                ? Optional.of(uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1))
                : Optional.empty();
    }
}
