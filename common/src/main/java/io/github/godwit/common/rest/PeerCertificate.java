package io.github.godwit.common.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import java.security.cert.X509Certificate;
import java.util.Optional;
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
        return Optional.ofNullable((X509Certificate) request.getProperty(ATTRIBUTE));
    }

    static void attachTo(Request request) {
        SSLEngine engine = SSLUtils.getSSLEngine(request.getContext().getConnection());
        if (engine == null || !engine.getNeedClientAuth()) {
            return;
        }
        try {
            request.setAttribute(ATTRIBUTE, engine.getSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException e) {
            LOG.debug("A client without a certificate", e);
        }
    }
}
