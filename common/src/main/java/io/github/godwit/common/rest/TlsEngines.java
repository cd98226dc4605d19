package io.github.godwit.common.rest;

import io.github.godwit.common.tls.ServerTls;
import javax.net.ssl.SSLEngine;
import org.glassfish.grizzly.ssl.SSLEngineConfigurator;

/** Makes the TLS side of each connection to a server, with the certificate of that moment. */
final class TlsEngines extends SSLEngineConfigurator {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final ServerTls tls;

    TlsEngines(ServerTls tls) {
        super(tls.credentials().get(), false, tls.clientCertificates(), false);
        this.tls = tls;
    }

    @Override
    public SSLEngine createSSLEngine() {
        return createSSLEngine(null, -1);
    }

    @Override
    public SSLEngine createSSLEngine(String peerHost, int peerPort) {
        SSLEngine engine = tls.credentials().get().createSSLEngine(peerHost, peerPort);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(tls.clientCertificates());
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }

    @Override
    public SSLEngineConfigurator copy() {
        return new TlsEngines(tls);
    }
}
