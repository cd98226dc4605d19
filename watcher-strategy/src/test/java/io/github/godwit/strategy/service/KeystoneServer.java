package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.nova.OpenStackSession;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.access.AccessRules;
import io.github.godwit.strategy.auth.KeystoneGuard;
import io.github.godwit.strategy.auth.KeystoneTerms;
import io.github.godwit.strategy.common.Texts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Debian's Keystone on a free port of loopback, with its data in a separate directory. Users, all in project {@code service}:
 * {@code admin} and {@code watcher} with role admin, {@code viewer} with role reader, {@code alarms} with role service.
 */
final class KeystoneServer implements AutoCloseable {

    static final String PASSWORD = "of-this-test";
    private static final String PROJECT = "service";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final List<Daemon> daemons = new ArrayList<>();
    private final Path directory;
    private final int port = Daemon.freePort();

    /** Starts one server for all tests of a run; parameters of its type are resolved to it. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == KeystoneServer.class;
        }

        @Override
        public KeystoneServer resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.create(KeystoneServer.class))
                    .getOrComputeIfAbsent("server", key -> start(), KeystoneServer.class);
        }
    }

    private static KeystoneServer start() {
        try {
            KeystoneServer server = new KeystoneServer(Files.createTempDirectory("keystone"));
            try {
                server.setUp();
                return server;
            } catch (IOException | InterruptedException | RuntimeException e) {
                server.close();
                throw e;
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException("Keystone did not start", e);
        }
    }

    private KeystoneServer(Path directory) {
        this.directory = directory;
    }

    private void setUp() throws IOException, InterruptedException {
        Path config = Files.writeString(directory.resolve("keystone.conf"), """
                [DEFAULT]
                log_file = %1$s/log
                [database]
                connection = sqlite:///%1$s/keystone.db
                [token]
                provider = fernet
                [fernet_tokens]
                key_repository = %1$s/fernet
                [credential]
                key_repository = %1$s/credential
                [cache]
                enabled = false
                """.formatted(directory));
        manage(config, "db_sync");
        // Without this, an open read transaction would block writers.
        Daemon.run(
                directory.resolve("setup.log"),
                List.of(
                        "python3",
                        "-c",
                        "import sqlite3; sqlite3.connect('%s/keystone.db').execute('PRAGMA journal_mode=WAL')"
                                .formatted(directory)));
        manage(config, "fernet_setup", "--keystone-user", "root", "--keystone-group", "root");
        manage(
                config,
                "bootstrap",
                "--bootstrap-password",
                PASSWORD,
                "--bootstrap-project-name",
                PROJECT,
                "--bootstrap-region-id",
                "RegionOne",
                "--bootstrap-public-url",
                url().toString());
        serve(port, config.toString());
        String admin = token("admin");
        addUser(admin, "watcher", "admin");
        addUser(admin, "viewer", "reader");
        addUser(admin, "alarms", "service");
    }

    private void manage(Path config, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("keystone-manage", "--config-file", config.toString()));
        command.addAll(List.of(arguments));
        Daemon.run(directory.resolve("setup.log"), command);
    }

    private void serve(int on, String configurations) throws IOException, InterruptedException {
        Daemon daemon = Daemon.start(
                directory.resolve("server.log"),
                Map.of("OS_KEYSTONE_CONFIG_FILES", configurations),
                List.of(
                        "uwsgi",
                        "--plugins",
                        "python3",
                        "--http-socket",
                        "127.0.0.1:" + on,
                        "--wsgi-file",
                        "/usr/bin/keystone-wsgi-public",
                        "--processes",
                        "2",
                        "--master",
                        "--die-on-term",
                        "--add-header",
                        "Connection: close",
                        "--buffer-size",
                        "65535"));
        daemons.add(daemon);
        daemon.awaitPort(on);
    }

    /** Returns the base URL of its API. */
    URI url() {
        return URI.create("http://127.0.0.1:%d/v3".formatted(port));
    }

    /** Returns the environment variables for {@code openstack} to sign in. */
    Map<String, String> environment(String user) {
        return Map.of(
                "OS_AUTH_URL",
                url().toString(),
                "OS_USERNAME",
                user,
                "OS_PASSWORD",
                PASSWORD,
                "OS_PROJECT_NAME",
                PROJECT,
                "OS_USER_DOMAIN_NAME",
                "Default",
                "OS_PROJECT_DOMAIN_NAME",
                "Default",
                "OS_IDENTITY_API_VERSION",
                "3",
                "OS_REGION_NAME",
                "RegionOne");
    }

    /** Returns a guard that authorizes by this Keystone. */
    KeystoneGuard guard() {
        return guard(url(), PASSWORD);
    }

    static KeystoneGuard guard(URI url, String password) {
        OpenStackUser self = new OpenStackUser("watcher", password, "Default", PROJECT, "Default");
        return new KeystoneGuard(
                new KeystoneTerms(url, self, Duration.ofSeconds(10), AccessRules.SHIPPED, Duration.ofMinutes(5)),
                Clock.systemUTC());
    }

    /** Requests a token of a user. */
    String token(String user) throws IOException, InterruptedException {
        return token(port, user);
    }

    private String token(int at, String user) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                request("/auth/tokens", at)
                        .POST(HttpRequest.BodyPublishers.ofString("""
                                {"auth": {
                                  "identity": {"methods": ["password"], "password": {"user":
                                    {"name": "%s", "password": "%s", "domain": {"name": "Default"}}}},
                                  "scope": {"project": {"name": "%s", "domain": {"name": "Default"}}}}}""".formatted(user, PASSWORD, PROJECT)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return response.headers()
                .firstValue("X-Subject-Token")
                .orElseThrow(() -> new IllegalStateException("No token for %s: %s".formatted(user, response.body())));
    }

    /** Returns an expired token that this Keystone could have issued. */
    String expiredToken() throws IOException, InterruptedException {
        Path shortLived = Files.writeString(directory.resolve("short.conf"), "[token]\nexpiration = 1\n");
        int other = Daemon.freePort();
        serve(other, directory.resolve("keystone.conf") + ";" + shortLived);
        String token = token(other, "admin");
        daemons.remove(daemons.size() - 1).close();
        while (call("GET", "/auth/tokens", token, null, token).statusCode() == 200) {
            Thread.sleep(100);
        }
        return token;
    }

    /** Revokes a token. */
    void revoke(String token) throws IOException, InterruptedException {
        call("DELETE", "/auth/tokens", token, null, token);
    }

    /** Registers the URL of the service in the catalog, as an administrator would, and replaces an earlier one. */
    void announce(URI service) throws IOException, InterruptedException {
        announce("infra-optim", "watcher", service);
    }

    /** Registers the URL of a service in the catalog, and replaces an earlier one. */
    void announce(String type, String name, URI url) throws IOException, InterruptedException {
        String admin = token("admin");
        String before = id(admin, "/services?type=" + type, "services");
        if (!before.isEmpty()) {
            call("DELETE", "/services/" + before, admin, null, null);
        }
        ObjectNode service = JsonNodeFactory.instance.objectNode();
        service.putObject("service").put("type", type).put("name", name);
        String id = made(admin, "/services", service).path("service").path("id").asText();
        ObjectNode endpoint = JsonNodeFactory.instance.objectNode();
        endpoint.putObject("endpoint")
                .put("service_id", id)
                .put("interface", "public")
                .put("region_id", "RegionOne")
                .put("url", url.toString());
        made(admin, "/endpoints", endpoint);
    }

    /** Returns the roles of a token that is valid, as Keystone's middleware finds them for a service. */
    Optional<List<String>> roles(String token) throws IOException, InterruptedException {
        HttpResponse<String> valid = call("GET", "/auth/tokens", token, null, token);
        return valid.statusCode() == 200
                ? Optional.of(
                        Texts.tree(valid.body()).path("token").path("roles").findValuesAsText("name"))
                : Optional.empty();
    }

    /** Returns a session of a user. */
    OpenStackSession session(String user) {
        return new OpenStackSession(
                url(), new OpenStackUser(user, PASSWORD, "Default", PROJECT, "Default"), Duration.ofSeconds(10));
    }

    private void addUser(String admin, String name, String role) throws IOException, InterruptedException {
        String project = id(admin, "/projects?name=" + PROJECT, "projects");
        ObjectNode user = JsonNodeFactory.instance.objectNode();
        user.putObject("user").put("name", name).put("password", PASSWORD).put("domain_id", "default");
        String id = made(admin, "/users", user).path("user").path("id").asText();
        JsonNode roles =
                Texts.tree(call("GET", "/roles?name=" + role, admin, null, null).body());
        String roleId = roles.path("roles").path(0).path("id").asText();
        if (roleId.isEmpty()) {
            ObjectNode made = JsonNodeFactory.instance.objectNode();
            made.putObject("role").put("name", role);
            roleId = made(admin, "/roles", made).path("role").path("id").asText();
        }
        call("PUT", "/projects/%s/users/%s/roles/%s".formatted(project, id, roleId), admin, null, null);
    }

    private String id(String admin, String path, String list) throws IOException, InterruptedException {
        return Texts.tree(call("GET", path, admin, null, null).body())
                .path(list)
                .path(0)
                .path("id")
                .asText();
    }

    private JsonNode made(String admin, String path, JsonNode body) throws IOException, InterruptedException {
        HttpResponse<String> response = call("POST", path, admin, body, null);
        if (response.statusCode() != 201) {
            throw new IllegalStateException("%s: %s".formatted(path, response.body()));
        }
        return Texts.tree(response.body());
    }

    private HttpResponse<String> call(String method, String path, String token, JsonNode body, String subject)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path, port)
                .header("X-Auth-Token", token)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body.toString()));
        if (subject != null) {
            request.header("X-Subject-Token", subject);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path, int at) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/v3%s".formatted(at, path)))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json");
    }

    @Override
    public void close() throws IOException {
        daemons.forEach(Daemon::close);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
