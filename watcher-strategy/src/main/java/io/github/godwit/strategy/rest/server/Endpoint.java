package io.github.godwit.strategy.rest.server;

import io.github.godwit.common.tls.ServerTls;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where the service is reached.
 *
 * @param listen      address and port; port 0 selects a free port
 * @param tls         how HTTPS is spoken; empty for HTTP
 * @param behindProxy whether the headers of a proxy say by which scheme and host clients reach the service
 */
public record Endpoint(InetSocketAddress listen, Optional<ServerTls> tls, boolean behindProxy) {

    /** An endpoint that speaks HTTP, to its clients directly. */
    public static Endpoint http(InetSocketAddress listen) {
        return new Endpoint(listen, Optional.empty(), false);
    }

    /** The scheme of its URLs. */
    public String scheme() {
        return tls.isPresent() ? "https" : "http";
    }
}
