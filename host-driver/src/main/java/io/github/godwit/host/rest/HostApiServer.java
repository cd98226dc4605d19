package io.github.godwit.host.rest;

import io.github.godwit.common.rest.RestServer;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
     * @param token  the token that callers must send; empty to require none
     * @throws IllegalArgumentException if there is no token and the address is not a loopback address
     * @throws IOException              if the server cannot listen on the address
     */
    public static RestServer start(InetSocketAddress listen, List<?> routes, Optional<Token> token) throws IOException {
        requireToken(listen, token);
        List<Object> resources = new ArrayList<>(routes);
        resources.addAll(List.of(ValidationFeature.class, new ViolationMapper(), new RequestLog()));
        token.ifPresent(secret -> resources.add(new TokenFilter(secret)));
        return RestServer.start(listen, LIMITS, WireJson.strictMapper(), new ErrorMapper(), resources);
    }

    /**
     * Requires a token unless the server listens on a loopback address: callers can migrate and stop VMs.
     *
     * @throws IllegalArgumentException if there is no token and the address is not a loopback address
     */
    public static void requireToken(InetSocketAddress listen, Optional<Token> token) {
        if (token.isEmpty() && !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    ("%s can be reached from other hosts: give a --token-file (create one with: openssl rand -hex 32 > FILE),"
                                    + " or listen on 127.0.0.1.")
                            .formatted(listen));
        }
    }
}
