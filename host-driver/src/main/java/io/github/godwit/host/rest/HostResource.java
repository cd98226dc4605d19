package io.github.godwit.host.rest;

import io.github.godwit.hostapi.HostStatus;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.function.Supplier;

/** The route {@code /v1/host}: the state of this host. */
@Path("/v1/host")
@Produces(MediaType.APPLICATION_JSON)
public final class HostResource {

    private final Supplier<HostStatus> host;

    HostResource(Supplier<HostStatus> host) {
        this.host = host;
    }

    /** The current state of this host. */
    @GET
    public HostStatus get() {
        return host.get();
    }
}
