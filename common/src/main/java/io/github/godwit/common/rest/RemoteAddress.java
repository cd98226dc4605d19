package io.github.godwit.common.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import org.glassfish.grizzly.http.server.Request;

/** The IP address that a request came from: that of the client, or of the proxy before the server. */
public final class RemoteAddress {

    private static final String PROPERTY = RemoteAddress.class.getName();
    private static final String UNKNOWN = "unknown";

    private RemoteAddress() {}

    /** Attaches the address to a request; Jersey's filters find Grizzly's attributes as properties. */
    static void attachTo(Request request) {
        request.setAttribute(PROPERTY, request.getRemoteAddr());
    }

    /** Returns the address, or {@code unknown} if the connection is gone already. */
    public static String of(ContainerRequestContext request) {
        return request.getProperty(PROPERTY) instanceof String address ? address : UNKNOWN;
    }
}
