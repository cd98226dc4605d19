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
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.uri.UriTemplate;

/** Measures how long each request takes. */
@PreMatching
public final class MetricsFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final String BEGAN = MetricsFilter.class.getName();

    private final Api.Metering metering;

    public MetricsFilter(Api.Metering metering) {
        this.metering = metering;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        request.setProperty(BEGAN, System.nanoTime());
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(BEGAN) instanceof Long began) {
            metering.request(
                    route(request),
                    request.getMethod(),
                    response.getStatus(),
                    Duration.ofNanos(System.nanoTime() - began));
        }
    }

    /** The template that matched; addresses themselves would make a figure of each UUID. */
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
