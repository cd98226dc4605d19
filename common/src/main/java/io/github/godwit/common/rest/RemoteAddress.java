package io.github.godwit.common.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import org.glassfish.grizzly.http.server.Request;

/** The IP address that a request came from: that of the client, as the proxy before the server names it where there is one. */
public final class RemoteAddress {

    private static final String PROPERTY = RemoteAddress.class.getName();
    private static final String UNKNOWN = "unknown";

    private RemoteAddress() {}

    /** Attaches the address to a request; Jersey's filters find Grizzly's attributes as properties. */
    static void attachTo(Request request) {
        request.setAttribute(PROPERTY, request.getRemoteAddr());
    }

    /** From now on, a request came from the address that a trusted proxy has named. */
    public static void replace(ContainerRequestContext request, String address) {
        request.setProperty(PROPERTY, address);
    }

    /** Returns the address, or {@code unknown} if the connection is gone already. */
    public static String of(ContainerRequestContext request) {
        return request.getProperty(PROPERTY) instanceof String address ? address : UNKNOWN;
    }
}
