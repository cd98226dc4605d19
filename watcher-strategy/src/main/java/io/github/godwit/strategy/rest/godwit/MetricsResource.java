package io.github.godwit.strategy.rest.godwit;

import io.github.godwit.strategy.rest.Api;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;

/** {@code /metrics}, for Prometheus. */
@Path("/metrics")
public final class MetricsResource {

    private final Api api;

    public MetricsResource(Api api) {
        this.api = api;
    }

    /** All figures. */
    @GET
    @Produces("text/plain; version=0.0.4; charset=utf-8")
    public String scrape() {
        return api.metering().scrape();
    }
}
