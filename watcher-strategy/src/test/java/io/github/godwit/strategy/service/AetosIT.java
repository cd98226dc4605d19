package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.net.httpserver.HttpExchange;
import io.github.godwit.common.FakeServer;
import io.github.godwit.nova.AetosAccess;
import io.github.godwit.nova.Prometheus;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.load.DefaultQueries;
import io.github.godwit.strategy.load.InstanceNames;
import io.github.godwit.strategy.load.PrometheusLoad;
import io.github.godwit.strategy.load.PrometheusTerms;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Load from Debian's Prometheus behind a played Aetos, which Debian does not have. It does what Aetos does with a query: Keystone's middleware
 * validates {@code X-Auth-Token}, only GET is known, and only the roles admin and service see the series of all projects.
 */
@ExtendWith(KeystoneServer.Shared.class)
class AetosIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final FakeServer AETOS = new FakeServer();
    private static final List<String> TOKENS = Collections.synchronizedList(new ArrayList<>());

    private static KeystoneServer keystone;
    private static PrometheusServer prometheus;

    @BeforeAll
    static void start(KeystoneServer shared, @TempDir Path directory) throws Exception {
        keystone = shared;
        prometheus = PrometheusServer.of(
                directory, new OpenMetrics().node("instance=\"10.0.0.1:9100\",job=\"node\"", "h1", 0.8));
        AETOS.otherwise(AetosIT::answer);
        keystone.announce("metric-storage", "aetos", AETOS.url().resolve("/prometheus"));
    }

    @AfterAll
    static void stop() {
        AETOS.close();
        prometheus.close();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String token = exchange.getRequestHeaders().getFirst("X-Auth-Token");
        TOKENS.add(token);
        try {
            Optional<List<String>> roles = token == null ? Optional.empty() : keystone.roles(token);
            if (roles.isEmpty()) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Keystone uri=\"%s\"".formatted(keystone.url()));
                FakeServer.send(exchange, 401, "{\"error\": {\"code\": 401, \"message\": \"Unauthorized.\"}}");
            } else if (!"GET".equals(exchange.getRequestMethod())) {
                FakeServer.send(exchange, 405, "{\"error_message\": \"Method Not Allowed\"}");
            } else if (Collections.disjoint(roles.get(), List.of("admin", "service"))) {
                FakeServer.send(exchange, 403, "{\"error_message\": {\"faultstring\": \"RBAC Authorization Failed\"}}");
            } else {
                String path = exchange.getRequestURI().toString().replaceFirst("^/prometheus/", "");
                HttpRequest request = HttpRequest.newBuilder(URI.create(prometheus.url() + path))
                        .timeout(Duration.ofSeconds(10))
                        .build();
                HttpResponse<String> found = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
                FakeServer.send(exchange, found.statusCode(), found.body());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static PrometheusLoad load(String user) {
        Prometheus aetos = new Prometheus(
                new AetosAccess(keystone.session(user), new AetosAccess.Choice("public", null, null)),
                Duration.ofSeconds(10));
        return new PrometheusLoad(
                () -> DrawnCluster.draw("host h1"),
                aetos,
                PrometheusTerms.of(DefaultQueries.STANDARD),
                InstanceNames.NONE);
    }

    @Test
    void loadIsReadWithATokenAndARevokedOneIsRenewed() throws Exception {
        PrometheusLoad load = load("watcher");
        TOKENS.clear();
        ClusterModel cluster = load.read();
        assertThat(cluster.host("h1").profile().cpuLoad()).isCloseTo(0.8, within(0.01));
        assertThat(TOKENS).doesNotContainNull();
        assertThat(TOKENS.stream().distinct()).hasSize(1);

        keystone.revoke(TOKENS.get(0));
        assertThat(load.read().host("h1").profile().cpuLoad()).isCloseTo(0.8, within(0.01));
        assertThat(TOKENS.stream().distinct()).hasSize(2);
    }

    @Test
    void aUserWithoutTheRoleIsRefusedWithWhatToDo() {
        assertThatThrownBy(() -> load("viewer").read())
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageStartingWith("Aetos at " + AETOS.url().resolve("/prometheus"))
                .hasMessageEndingWith("RBAC Authorization Failed."
                        + " The user of this service needs the role admin or service in its project.");
    }
}
