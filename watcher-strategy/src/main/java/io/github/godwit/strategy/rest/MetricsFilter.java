package io.github.godwit.strategy.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.container.PreMatching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.uri.UriTemplate;

/** Measures the duration of each request. */
@PreMatching
public final class MetricsFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String START_NANOS = MetricsFilter.class.getName();

    /** Any token is a method of HTTP; each would be a metric that is kept as long as the process runs. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private static final String OTHER = "other";

    private final Api.Metering metering;

    /** Creates a filter that records into {@code metering}. */
    public MetricsFilter(Api.Metering metering) {
        this.metering = metering;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(START_NANOS, System.nanoTime());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(START_NANOS) instanceof Long startNanos) {
            metering.request(
                    route(request),
                    METHODS.contains(request.getMethod()) ? request.getMethod() : OTHER,
                    response.getStatus(),
                    Duration.ofNanos(System.nanoTime() - startNanos));
        }
    }

    /** The templates that matched. The paths themselves would create a metric for each UUID. */
    private static String route(ContainerRequestContext request) {
        List<String> parts = new ArrayList<>();
        if (request.getUriInfo() instanceof ExtendedUriInfo uri) {
            for (UriTemplate template : uri.getMatchedTemplates()) {
                parts.add(template.getTemplate());
            }
        }
        Collections.reverse(parts);
        return parts.isEmpty() ? "none" : String.join("", parts);
    }
}
