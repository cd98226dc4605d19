package io.github.godwit.nova;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A stub of Keystone, Nova and Placement with recorded answers, selected by method, path and query, whose parameters are in
 * alphabetical order. The paths of Placement start with {@code /placement}.
 */
final class StubCloud implements AutoCloseable {

    private static final String COMPUTE = "/compute";

    private final HttpServer server;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Map<String, Integer> statuses = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger tokens = new AtomicInteger();
    private volatile int endedToken;
    private volatile String refused = "";
    private volatile Duration tokenLife = Duration.ofHours(1);

    StubCloud() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.start();
    }

    private String base() {
        return "http://127.0.0.1:%d".formatted(server.getAddress().getPort());
    }

    OpenStackSession session() {
        return new OpenStackSession(
                URI.create(base() + "/v3"),
                new OpenStackUser("watcher", "secret", "Default", "service", "Default"),
                Duration.ofSeconds(5));
    }

    /** Sets the answer to a request, from a file. */
    StubCloud with(String request, String file) {
        try (InputStream recorded = StubCloud.class.getResourceAsStream("/nova/" + file)) {
            return with(request, 200, new String(recorded.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StubCloud with(String request, int status, String body) {
        answers.put(request, body);
        statuses.put(request, status);
        return this;
    }

    /** Makes it answer 406 to requests at a microversion. */
    StubCloud refuses(String microversion) {
        refused = microversion;
        return this;
    }

    /** Sets the lifetime of tokens that are issued from now on. */
    void tokensLast(Duration time) {
        tokenLife = time;
    }

    /** Makes all issued tokens expire. */
    void endTokens() {
        endedToken = tokens.get();
    }

    int tokensGiven() {
        return tokens.get();
    }

    /** Returns all requests to Nova: method, path with query, microversion and body. */
    List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String path = exchange.getRequestURI().toString();
        if (path.startsWith("/v3/auth/tokens")) {
            giveToken(exchange);
            return;
        }
        int token = Integer.parseInt(exchange.getRequestHeaders().getFirst("X-Auth-Token"));
        String own = path.startsWith(COMPUTE) ? path.substring(COMPUTE.length()) : path;
        String request = exchange.getRequestMethod() + " " + sorted(own);
        if (token <= endedToken) {
            send(exchange, 401, "{\"error\": {\"code\": 401, \"title\": \"Unauthorized\"}}");
            return;
        }
        if (refused.equals(exchange.getRequestHeaders().getFirst("OpenStack-API-Version"))) {
            send(
                    exchange,
                    406,
                    "{\"computeFault\": {\"code\": 406, \"message\": \"Version is not supported by the API.\"}}");
            return;
        }
        requests.add(request + " " + exchange.getRequestHeaders().getFirst("OpenStack-API-Version") + " " + body);
        send(
                exchange,
                statuses.getOrDefault(request, 404),
                answers.getOrDefault(request, "{\"itemNotFound\": {\"code\": 404, \"message\": \"Not recorded.\"}}"));
    }

    /** Sorts the parameters alphabetically. */
    private static String sorted(String path) {
        int query = path.indexOf('?');
        return query < 0
                ? path
                : path.substring(0, query + 1)
                        + Arrays.stream(path.substring(query + 1).split("&", -1))
                                .sorted()
                                .collect(Collectors.joining("&"));
    }

    private void giveToken(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("X-Subject-Token", Integer.toString(tokens.incrementAndGet()));
        send(exchange, 201, """
                {"token": {"methods": ["password"], "expires_at": "%s", "issued_at": "%s",
                 "user": {"name": "watcher", "id": "1", "domain": {"id": "default", "name": "Default"}},
                 "roles": [{"id": "2", "name": "admin"}],
                 "catalog": [{"type": "compute", "name": "nova", "id": "3", "endpoints":
                   [{"id": "4", "interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": "%s/compute"}]},
                  {"type": "placement", "name": "placement", "id": "5", "endpoints":
                   [{"id": "6", "interface": "public", "region": "RegionOne", "region_id": "RegionOne", "url": "%s/placement"}]}]}}""".formatted(Instant.now().plus(tokenLife), Instant.now(), base(), base()));
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
