package io.github.godwit.host.rest;

import io.github.godwit.common.rest.RestServer;
import io.github.godwit.hostapi.WireJson;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.glassfish.jersey.server.validation.ValidationFeature;

/** Serves the host driver's REST API with few threads and little memory. */
public final class HostApiServer {

    /** Ten times the longest sensible body. */
    static final int MOST_BODY_BYTES = 64 << 10;

    private static final RestServer.Limits LIMITS = new RestServer.Limits(8, 8 << 10, MOST_BODY_BYTES);

    private HostApiServer() {}

    /**
     * Starts to listen.
     *
     * @param listen address and port; port 0 takes a free one
     * @param routes the routes
     * @param token  what callers must know, if anything
     * @throws IllegalArgumentException when other hosts can reach the address and there is no token
     * @throws IOException              when the address cannot be listened on
     */
    public static RestServer start(InetSocketAddress listen, List<?> routes, Optional<Token> token) throws IOException {
        requireToken(listen, token);
        List<Object> resources = new ArrayList<>(routes);
        resources.addAll(List.of(ValidationFeature.class, new ViolationMapper(), new RequestLog()));
        token.ifPresent(secret -> resources.add(new TokenFilter(secret)));
        return RestServer.start(listen, LIMITS, WireJson.strictMapper(), new ErrorMapper(), resources);
    }

    /**
     * Whoever reaches a host driver can move and end VMs, so only a loopback address may go without a token.
     *
     * @throws IllegalArgumentException when there is none and the address needs one
     */
    public static void requireToken(InetSocketAddress listen, Optional<Token> token) {
        if (token.isEmpty() && !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "%s can be reached from other hosts: give a --token-file (make one with: openssl rand -hex 32 > FILE), or listen on 127.0.0.1."
                            .formatted(listen));
        }
    }
}
