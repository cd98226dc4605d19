package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** A stub of Keystone, Nova and Placement with one server, whose state the test sets. {@code devstack/openstack} tests with the real services. */
final class FakeNova implements AutoCloseable {

    /** UUID of the server. */
    static final String SERVER = "5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f001";

    /** UUID of another server on h1. */
    static final String OTHER = "5f0a1c5e-5df0-4f4e-9b4f-0a4b54a0f002";

    private final HttpServer http;
    private final Semaphore polls = new Semaphore(0);
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private volatile String status = "ACTIVE";
    private volatile String host = "h1";
    private volatile String technique = "";
    private volatile boolean refuses;
    private volatile boolean fails;
    private volatile boolean silent;
    private volatile String task;
    private volatile boolean locked;
    private volatile boolean deleted;
    private volatile String recorded;
    private volatile String error;
    private volatile String otherRecorded;
    private volatile String otherStatus = "ACTIVE";
    private final List<String> aborted = new CopyOnWriteArrayList<>();

    FakeNova() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.createContext("/v3/auth/tokens", this::token);
        http.createContext("/compute/servers", this::migrating);
        http.createContext("/compute/servers/" + SERVER, this::server);
        http.createContext("/compute/servers/" + OTHER, this::other);
        http.createContext("/compute/os-migrations", this::migrations);
        http.createContext("/compute/servers/detail", this::servers);
        with("/compute/os-services", "{\"services\": [%s, %s]}".formatted(service("h1", "az1"), service("h2", "az2")));
        with("/compute/os-server-groups", "{\"server_groups\": []}");
        with("/compute/os-hypervisors/detail", """
                {"hypervisors": [
                 {"id": "u1", "hypervisor_hostname": "h1", "service": {"host": "h1"}, "hypervisor_type": "QEMU"},
                 {"id": "u2", "hypervisor_hostname": "h2", "service": {"host": "h2"}, "hypervisor_type": "QEMU"}]}""");
        with("/placement/resource_providers", """
                {"resource_providers": [{"uuid": "u1", "name": "h1", "root_provider_uuid": "u1"},
                 {"uuid": "u2", "name": "h2", "root_provider_uuid": "u2"}]}""");
        http.start();
    }

    OpenStackSession session() {
        return new OpenStackSession(
                URI.create(base() + "/v3"),
                new OpenStackUser("godwit", "secret", "Default", "service", "Default"),
                Duration.ofSeconds(5));
    }

    /** Waits until the server and its migrations have been asked for so many more times. */
    void awaitPolls(int times) throws InterruptedException {
        polls.drainPermits();
        assertThat(polls.tryAcquire(times, 20, TimeUnit.SECONDS))
                .as("%d polls", times)
                .isTrue();
    }

    /** Sets the status and the host of the server. */
    void server(String newStatus, String newHost) {
        status = newStatus;
        host = newHost;
    }

    /** Sets what Nova is doing with the server. */
    void changes(String newTask) {
        task = newTask;
    }

    /** Locks the server. */
    void lock() {
        locked = true;
    }

    /** Deletes the server. */
    void delete() {
        deleted = true;
    }

    /** Sets the status of the newest record of the server's migrations. */
    void records(String newStatus) {
        recorded = newStatus;
    }

    /** Sets the message of the error of the server's newest live migration. */
    void fails(String message) {
        error = message;
    }

    /** Sets the status of the other server, and of the record of its migration from h1. */
    void other(String newStatus, String newRecord) {
        otherStatus = newStatus;
        otherRecorded = newRecord;
    }

    /** Returns the paths of the requests to abort migrations. */
    List<String> aborted() {
        return aborted;
    }

    /** Sets the technique constraint in the server's metadata. */
    void constrains(String wanted) {
        technique = wanted;
    }

    /** Makes it answer 503 to requests for the server, or answer again. */
    void stopAnswering(boolean stop) {
        silent = stop;
    }

    /** Makes it accept requests for migrations and answer 504. */
    void failAfterAccepting() {
        fails = true;
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
                   [{"id": "4", "interface": "public", "region": "R", "region_id": "R", "url": "%s/compute"}]},
                  {"type": "placement", "name": "placement", "id": "5", "endpoints":
                   [{"id": "6", "interface": "public", "region": "R", "region_id": "R", "url": "%s/placement"}]}]}}""".formatted(Instant.now().plusSeconds(3600), Instant.now(), base(), base()));
    }

    private void with(String path, String body) {
        http.createContext(path, exchange -> send(exchange, 200, body));
    }

    private static String service(String name, String zone) {
        return """
                {"id": "%s", "host": "%s", "zone": "%s", "status": "enabled", "state": "up"}""".formatted(name, name, zone);
    }

    /** The servers that are MIGRATING, the only list without details that is requested. */
    private void migrating(HttpExchange exchange) throws IOException {
        if (silent) {
            send(exchange, 503, "");
            return;
        }
        List<String> ids = new ArrayList<>();
        if (!deleted && ("MIGRATING".equals(status) || "migrating".equals(task))) {
            ids.add("{\"id\": \"%s\"}".formatted(SERVER));
        }
        if ("MIGRATING".equals(otherStatus)) {
            ids.add("{\"id\": \"%s\"}".formatted(OTHER));
        }
        send(exchange, 200, "{\"servers\": [%s]}".formatted(String.join(", ", ids)));
    }

    private void servers(HttpExchange exchange) throws IOException {
        send(exchange, 200, """
                {"servers": [
                 {"id": "%s", "name": "db", "status": "%s", "OS-EXT-SRV-ATTR:host": "%s", "OS-EXT-AZ:availability_zone": "az1",
                  "pinned_availability_zone": "az1", "flavor": {"vcpus": 1, "extra_specs": {}}},
                 {"id": "%s", "name": "web", "status": "SHUTOFF", "OS-EXT-SRV-ATTR:host": "h2", "OS-EXT-AZ:availability_zone": "az2",
                  "pinned_availability_zone": null, "flavor": {"vcpus": 1, "extra_specs": {}}}]}""".formatted(SERVER, status, host, OTHER));
    }

    private void other(HttpExchange exchange) throws IOException {
        send(exchange, 200, """
                {"server": {"id": "%s", "status": "%s", "OS-EXT-SRV-ATTR:host": "h1"}}""".formatted(OTHER, otherStatus));
    }

    private void migrations(HttpExchange exchange) throws IOException {
        polls.release();
        List<String> records = new ArrayList<>();
        if (otherRecorded != null && exchange.getRequestURI().getQuery().contains("host=h1")) {
            records.add(migration(6, OTHER, otherRecorded));
        }
        if (recorded != null) {
            records.add(migration(7, SERVER, recorded));
        }
        send(exchange, 200, "{\"migrations\": [%s]}".formatted(String.join(", ", records)));
    }

    private static String migration(int id, String server, String status) {
        return """
                {"id": %d, "instance_uuid": "%s", "status": "%s", "source_compute": "h1", "dest_compute": "h2"}""".formatted(id, server, status);
    }

    private void actions(HttpExchange exchange, String path) throws IOException {
        if (path.endsWith("/os-instance-actions")) {
            send(exchange, 200, """
                    {"instanceActions": [{"action": "live-migration", "request_id": "req-1"}]}""");
            return;
        }
        send(
                exchange,
                200,
                error == null
                        ? "{\"instanceAction\": {\"events\": []}}"
                        : "{\"instanceAction\": {\"events\": [{\"result\": \"Error\", \"details\": \"%s\"}]}}"
                                .formatted(error));
    }

    private void server(HttpExchange exchange) throws IOException {
        polls.release();
        String path = exchange.getRequestURI().getPath();
        if (silent) {
            send(exchange, 503, "");
            return;
        }
        if (deleted) {
            send(exchange, 404, "{\"itemNotFound\": {\"code\": 404, \"message\": \"Instance could not be found.\"}}");
            return;
        }
        if (path.contains("/os-instance-actions")) {
            actions(exchange, path);
            return;
        }
        if ("DELETE".equals(exchange.getRequestMethod())) {
            aborted.add(path.substring(path.indexOf("/migrations")));
            recorded = "cancelled";
            status = "ACTIVE";
            send(exchange, 202, "");
            return;
        }
        if ("POST".equals(exchange.getRequestMethod())) {
            orders.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (refuses) {
                send(exchange, 400, "{\"badRequest\": {\"code\": 400, \"message\": \"No valid host.\"}}");
                return;
            }
            status = "MIGRATING";
            send(exchange, fails ? 504 : 202, "");
            return;
        }
        send(exchange, 200, """
                {"server": {"id": "%s", "status": "%s", "OS-EXT-SRV-ATTR:host": "%s", "metadata": {"godwit:technique": "%s"},
                 "OS-EXT-STS:task_state": %s, "locked": %s}}""".formatted(
                        SERVER, status, host, technique, task == null ? "null" : "\"" + task + "\"", locked));
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
