package io.github.godwit.hostapi.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** The HTTP client with the present certificate. When the certificate changes, later requests use a new client; those that run are completed. */
final class CurrentHttpClient implements Supplier<HttpClient> {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final Duration connect;
    private final Supplier<SSLContext> tls;
    private SSLContext context;
    private HttpClient client;

    /**
     * @param connect timeout for establishing a connection
     * @param tls     the certificate and the trusted authorities, as they are now
     */
    CurrentHttpClient(Duration connect, Supplier<SSLContext> tls) {
        this.connect = connect;
        this.tls = tls;
    }

    static HttpClient.Builder builder(Duration connect) {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(connect);
    }

    @Override
    public synchronized HttpClient get() {
        SSLContext now = tls.get();
        if (now != context) {
            SSLParameters parameters = now.getDefaultSSLParameters();
            parameters.setProtocols(PROTOCOLS);
            client = builder(connect).sslContext(now).sslParameters(parameters).build();
            context = now;
        }
        return client;
    }
}
