package io.github.godwit.strategy.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.OpenStackUser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A stub of Keystone and Nova with one server, whose state the test sets. {@code devstack/openstack} tests with the real services. */
final class StubNova implements AutoCloseable {

    /** UUID of the server. */
    static final String SERVER = "5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f001";

    private final HttpServer http;
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private volatile String status = "ACTIVE";
    private volatile String host = "h1";
    private volatile String technique = "";
    private volatile String flavorTechnique = "";
    private volatile boolean refuses;

    StubNova() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/v3/auth/tokens", this::token);
        http.createContext("/compute/servers/" + SERVER, this::server);
        http.start();
    }

    OpenStackSession session() {
        return new OpenStackSession(
                URI.create(base() + "/v3"),
                new OpenStackUser("godwit", "secret", "Default", "service", "Default"),
                Duration.ofSeconds(5));
    }

    /** Sets the status and the host of the server. */
    void server(String newStatus, String newHost) {
        status = newStatus;
        host = newHost;
    }

    /** Sets the technique constraint in the server's metadata. */
    void constrains(String wanted) {
        technique = wanted;
    }

    /** Sets the technique constraint in the extra specs of the flavor. */
    void flavorConstrains(String wanted) {
        flavorTechnique = wanted;
    }

    /** Makes it answer 400 to requests for migrations. */
    void refuse() {
        refuses = true;
    }

    /** Returns the bodies of the requests for migrations. */
    List<String> orders() {
        return orders;
    }

    private String base() {
        return "http://127.0.0.1:%d".formatted(http.getAddress().getPort());
    }

    private void token(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("X-Subject-Token", "token");
        send(exchange, 201, """
                {"token": {"expires_at": "%s", "issued_at": "%s", "user": {"name": "godwit", "id": "1"}, "roles": [],
                 "catalog": [{"type": "compute", "name": "nova", "id": "3", "endpoints":
                   [{"id": "4", "interface": "public", "region": "R", "region_id": "R", "url": "%s/compute"}]}]}}""".formatted(Instant.now().plusSeconds(3600), Instant.now(), base()));
    }

    private void server(HttpExchange exchange) throws IOException {
        if ("POST".equals(exchange.getRequestMethod())) {
            orders.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (refuses) {
                send(exchange, 400, "{\"badRequest\": {\"code\": 400, \"message\": \"No valid host.\"}}");
                return;
            }
            status = "MIGRATING";
            send(exchange, 202, "");
            return;
        }
        send(exchange, 200, """
                {"server": {"id": "%s", "status": "%s", "OS-EXT-SRV-ATTR:host": "%s", "metadata": {"godwit:technique": "%s"},
                 "flavor": {"extra_specs": {"godwit:technique": "%s"}}}}""".formatted(SERVER, status, host, technique, flavorTechnique));
    }

    private static void send(HttpExchange exchange, int code, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
