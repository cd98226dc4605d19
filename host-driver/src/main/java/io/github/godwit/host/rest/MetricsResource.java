package io.github.godwit.host.rest;

import io.github.godwit.host.metrics.HostMetrics;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;

/** The route {@code /metrics}: metrics for Prometheus, which sends the token like every other client. */
@Path("/metrics")
@Produces(MediaType.TEXT_PLAIN)
public final class MetricsResource {

    private final HostMetrics metrics;

    /** Creates the resource. */
    public MetricsResource(HostMetrics metrics) {
        this.metrics = metrics;
    }

    /** All metrics in Prometheus' text format. */
    @GET
    public String get() {
        return metrics.scrape();
    }
}
