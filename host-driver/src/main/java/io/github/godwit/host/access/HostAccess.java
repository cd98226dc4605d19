package io.github.godwit.host.access;

import io.github.godwit.common.tls.ReloadedTls;
import io.github.godwit.common.tls.ServerTls;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverTimeouts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Who may call this host driver, and by what it identifies itself to others: by a certificate, by the token that all share, or both.
 *
 * @param token    the token; empty if none is used
 * @param tls      the certificate of this host, and the authorities of the others; empty if HTTP is spoken
 * @param services names of the service in its certificate
 * @param plain    whether HTTP may be spoken on other addresses than those of loopback
 */
public record HostAccess(Optional<Token> token, Optional<ReloadedTls> tls, Set<String> services, boolean plain) {

    /** Everybody may call everything. */
    public static final HostAccess OPEN = new HostAccess(Optional.empty(), Optional.empty(), Set.of(), false);

    /** Whoever has the token may call everything. */
    public static HostAccess by(Token token) {
        return new HostAccess(Optional.of(token), Optional.empty(), Set.of(), false);
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException if the token cannot be used
     * @throws IOException              if a file cannot be read, or certificate and key cannot be used
     */
    public static HostAccess read(AccessFiles files) throws IOException {
        Optional<Token> token = Optional.empty();
        if (files.token().isPresent()) {
            token = Optional.of(Token.read(files.token().get()));
        }
        Optional<ReloadedTls> tls = Optional.empty();
        if (files.tls().isPresent()) {
            tls = Optional.of(new ReloadedTls(files.tls().get()));
        }
        return new HostAccess(token, tls, files.services(), files.plain());
    }

    /**
     * Requires a certificate unless the server listens on a loopback address: callers can migrate and stop VMs. Where plain HTTP is wanted, a
     * token suffices.
     *
     * @throws IllegalArgumentException if there is neither and the address is not a loopback address
     */
    public void requireFor(InetSocketAddress listen) {
        if (tls.isPresent() || listen.getAddress().isLoopbackAddress() || (plain && token.isPresent())) {
            return;
        }
        throw new IllegalArgumentException(
                ("%s can be reached from other hosts: give --tls-certificate, --tls-key and --tls-ca, or listen on 127.0.0.1. If only host"
                                + " drivers and the service can reach it, --plain-http with a --token-file (create one with: umask 077;"
                                + " openssl rand -hex 32 > FILE) speaks HTTP, and whoever can listen there gets the token.")
                        .formatted(listen));
    }

    /** How the API is served. */
    public Optional<ServerTls> server() {
        return tls.map(own -> new ServerTls(own, true));
    }

    /** What checks the requests. */
    public List<Object> filters() {
        if (tls.isPresent()) {
            return List.of(new CertificateFilter(services, token, tls.get()::certificate, tls.get()::trusts));
        }
        return token.<List<Object>>map(secret -> List.of(new TokenFilter(secret)))
                .orElse(List.of());
    }

    /** The clients of other host drivers. Where a certificate identifies this host, the token is not sent. */
    public Function<URI, HostDriverClient> peers(HostDriverTimeouts timeouts) {
        Function<URI, HostDriverClient> byToken =
                HostDriverClient.sharing(token.map(Token::secret).orElse(null), timeouts);
        if (tls.isEmpty()) {
            return byToken;
        }
        Function<URI, HostDriverClient> byCertificate = HostDriverClient.sharing(null, timeouts, tls);
        return url -> ("https".equals(url.getScheme()) ? byCertificate : byToken).apply(url);
    }
}
