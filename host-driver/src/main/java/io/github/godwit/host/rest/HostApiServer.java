package io.github.godwit.host.rest;

import io.github.godwit.common.rest.RestServer;
import io.github.godwit.host.access.HostAccess;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.glassfish.jersey.server.validation.ValidationFeature;

/** Serves the host driver's REST API. */
public final class HostApiServer {

    /** A policy set names every host of the aggregates that have a rule; everything else is below 10 kB. */
    static final int MAX_BODY_BYTES = 1 << 20;

    private static final RestServer.Limits LIMITS = new RestServer.Limits(8, 8 << 10, MAX_BODY_BYTES);

    private HostApiServer() {}

    /**
     * Starts the server.
     *
     * @param listen address and port; port 0 for a free port
     * @param routes the JAX-RS resources
     * @param access who may call them
     * @param trail  gets who changed what
     * @throws IllegalArgumentException if everybody may and the address is not a loopback address
     * @throws IOException              if the server cannot listen on the address
     */
    public static RestServer start(InetSocketAddress listen, List<?> routes, HostAccess access, HostTrail trail)
            throws IOException {
        access.requireFor(listen);
        List<Object> resources = new ArrayList<>(routes);
        resources.addAll(
                List.of(ValidationFeature.class, new ViolationMapper(), new RequestLog(), new TrailFilter(trail)));
        resources.addAll(access.filters());
        return RestServer.start(listen, access.server(), LIMITS, WireJson.strictMapper(), new ErrorMapper(), resources);
    }
}
