package io.github.godwit.strategy.rest.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.common.TestAuthority;
import io.github.godwit.common.TestAuthority.Pair;
import io.github.godwit.common.rest.RestServer;
import io.github.godwit.common.tls.Authorities;
import io.github.godwit.common.tls.ReloadedTls;
import io.github.godwit.common.tls.ServerTls;
import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.objects.TrailEvent.Initiator;
import io.github.godwit.strategy.rest.Api;
import io.github.godwit.strategy.rest.NoAuth;
import io.github.godwit.strategy.trail.Trail;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.ArgumentCaptor;

/** The links in answers, over HTTPS and behind a proxy. */
@Timeout(60)
class EndpointTest {

    private static final InetSocketAddress LOOPBACK = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @TempDir
    private Path directory;

    private RestServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    private final Trail trail = mock();

    private void serve(Endpoint endpoint) throws IOException {
        Api api = mock();
        when(api.metering()).thenReturn(mock());
        when(api.trail()).thenReturn(trail);
        server = GodwitServer.start(endpoint, api, new NoAuth(Set.of("cloud.example")));
    }

    private String selfLink(HttpClient http, String base, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base + "/v1")).timeout(Duration.ofSeconds(10));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return Texts.tree(http.send(request.build(), BodyHandlers.ofString()).body())
                .at("/links/0/href")
                .asText();
    }

    @Test
    void anyoneWhoTrustsTheAuthorityReachesItByHttpsWithoutACertificate() throws Exception {
        TestAuthority authority = new TestAuthority(directory.resolve("ca"));
        Pair own = authority.issue("service", "DNS:godwit-strategy", "IP:127.0.0.1");
        ReloadedTls tls = new ReloadedTls(new TlsFiles(own.certificate(), own.key(), authority.certificate()));
        serve(new Endpoint(LOOPBACK, Optional.of(new ServerTls(tls, false)), false));
        String base = "https://127.0.0.1:" + server.port();

        HttpClient client = HttpClient.newBuilder()
                .sslContext(Authorities.context(authority.certificate()))
                .build();
        assertThat(selfLink(client, base)).isEqualTo(base + "/v1/");
        assertThatThrownBy(() -> selfLink(HttpClient.newHttpClient(), base)).isInstanceOf(SSLException.class);
    }

    @Test
    void linksHaveTheSchemeAndTheHostThatAConfiguredProxyNames() throws Exception {
        serve(new Endpoint(LOOPBACK, Optional.empty(), true));
        String base = "http://127.0.0.1:" + server.port();
        HttpClient client = HttpClient.newHttpClient();

        assertThat(selfLink(client, base)).isEqualTo(base + "/v1/");
        assertThat(selfLink(client, base, "X-Forwarded-Proto", "https", "X-Forwarded-Host", "cloud.example:13322"))
                .isEqualTo("https://cloud.example:13322/v1/");
        assertThat(selfLink(client, base, "X-Forwarded-Proto", "https"))
                .isEqualTo("https://127.0.0.1:%d/v1/".formatted(server.port()));
        assertThat(selfLink(client, base, "Forwarded", "for=10.0.0.9;proto=https;host=cloud.example"))
                .isEqualTo("https://cloud.example/v1/");
        assertThat(selfLink(client, base, "Forwarded", "proto=x;host=\"a/b\"")).isEqualTo(base + "/v1/");
    }

    private String addressInTheTrail(boolean behindProxy) throws Exception {
        serve(new Endpoint(LOOPBACK, Optional.empty(), behindProxy));
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:%d/godwit/v1/policies/any".formatted(server.port())))
                .timeout(Duration.ofSeconds(30))
                .header("X-Forwarded-For", "10.9.9.9, 203.0.113.7")
                .DELETE()
                .build();
        HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
        ArgumentCaptor<Initiator> initiator = ArgumentCaptor.forClass(Initiator.class);
        verify(trail, timeout(5_000)).asked(any(), any(), initiator.capture(), any());
        return initiator.getValue().address();
    }

    @Test
    void theTrailHasTheClientThatAConfiguredProxyNames() throws Exception {
        assertThat(addressInTheTrail(true)).isEqualTo("203.0.113.7");
    }

    @Test
    void theTrailDoesNotBelieveClientsWithoutAProxy() throws Exception {
        assertThat(addressInTheTrail(false)).isEqualTo("127.0.0.1");
    }

    @Test
    void whatAProxyNamesIsIgnoredUnlessThereIsOne() throws Exception {
        serve(Endpoint.http(LOOPBACK));
        String base = "http://127.0.0.1:" + server.port();
        assertThat(selfLink(
                        HttpClient.newHttpClient(),
                        base,
                        "X-Forwarded-Proto",
                        "https",
                        "X-Forwarded-Host",
                        "cloud.example",
                        "Forwarded",
                        "proto=https;host=cloud.example"))
                .isEqualTo(base + "/v1/");
    }
}
