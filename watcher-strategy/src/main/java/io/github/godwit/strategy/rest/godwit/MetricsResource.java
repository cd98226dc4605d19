package io.github.godwit.strategy.rest.godwit;

import io.github.godwit.strategy.rest.Api;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/** {@code /metrics}: metrics for Prometheus. */
@Path("/metrics")
public final class MetricsResource {

    private final Api api;

    /** Creates the resource. */
    public MetricsResource(Api api) {
        this.api = api;
    }

    /** Returns all metrics in the text format of Prometheus. */
    @GET
    @Produces("text/plain; version=0.0.4; charset=utf-8")
    public String scrape() {
        return api.metering().scrape();
    }
}
