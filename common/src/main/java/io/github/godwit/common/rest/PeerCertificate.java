package io.github.godwit.common.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.glassfish.grizzly.http.server.Request;
import org.glassfish.grizzly.ssl.SSLUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate by which a client has identified itself: one of an authority of the server, and valid when the connection was made. */
public final class PeerCertificate {

    private static final Logger LOG = LoggerFactory.getLogger(PeerCertificate.class);
    private static final String ATTRIBUTE = PeerCertificate.class.getName();

    private PeerCertificate() {}

    /** The certificate of the client that sent a request; empty where the server asks for none. */
    public static Optional<X509Certificate> of(ContainerRequestContext request) {
        return chain(request).stream().findFirst();
    }

    /** The same with those of the authorities between, as the client has sent them. */
    public static List<X509Certificate> chain(ContainerRequestContext request) {
        return request.getProperty(ATTRIBUTE) instanceof X509Certificate[] chain ? List.of(chain) : List.of();
    }

    static void attachTo(Request request) {
        SSLEngine engine = SSLUtils.getSSLEngine(request.getContext().getConnection());
        if (engine == null || !engine.getNeedClientAuth()) {
            return;
        }
        try {
            request.setAttribute(
                    ATTRIBUTE,
                    Stream.of(engine.getSession().getPeerCertificates())
                            .map(X509Certificate.class::cast)
                            .toArray(X509Certificate[]::new));
        } catch (SSLPeerUnverifiedException e) {
            LOG.debug("A client without a certificate", e);
        }
    }
}
