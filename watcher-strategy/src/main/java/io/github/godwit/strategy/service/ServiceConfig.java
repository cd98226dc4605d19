package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.Texts;
import io.github.godwit.strategy.store.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * How an instance is set up: one YAML file, each key of which {@code docs/service.md} explains. Keys that are unknown are refused,
 * with the known one that comes nearest. Secrets are in files or in the environment, never in the file itself.
 *
 * @param listen           address and port
 * @param noauth           whether everybody may do everything; on loopback only
 * @param databaseUrl      JDBC URL
 * @param databaseUser     user, or null
 * @param databasePassword password, or null
 * @param hosts            base URLs of the host drivers
 * @param hostToken        token that the host drivers ask for, or null
 * @param instance         name of this instance, of its own among those that share the database
 * @param longestMigration a migration that is expected to take longer counts as one that does not end
 * @param pace             how fast things go on
 */
public record ServiceConfig(
        InetSocketAddress listen,
        boolean noauth,
        String databaseUrl,
        String databaseUser,
        String databasePassword,
        List<URI> hosts,
        String hostToken,
        String instance,
        Duration longestMigration,
        Tasks.Pace pace) {

    /** Watcher's port. */
    public static final String DEFAULT_LISTEN = "127.0.0.1:9322";

    private static final Duration LONGEST_MIGRATION = Duration.ofMinutes(5);

    /** All keys, by their section; the first section is the file itself. */
    private static final Map<String, List<String>> KEYS = Map.of(
            "", List.of("listen", "auth", "database", "hosts", "host_token", "instance", "applier", "tasks"),
            "auth", List.of("mode"),
            "database", List.of("url", "user", "password"),
            "host_token", List.of("file", "env"),
            "password", List.of("file", "env"),
            "applier", List.of("longest_migration_seconds"),
            "tasks", List.of("heartbeat_seconds", "action_plan_expiry_hours"));

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException when it is not safe or not enough
     */
    public ServiceConfig {
        hosts = List.copyOf(hosts);
        if (!noauth) {
            throw new IllegalArgumentException(
                    "This release validates no Keystone tokens yet: set auth.mode to noauth, on a loopback address.");
        }
        if (!listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "%s can be reached from other hosts, where auth.mode noauth would let anyone move VMs. Listen on 127.0.0.1."
                            .formatted(listen));
        }
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException(
                    "There are no host drivers: give their URLs, such as http://10.0.0.1:9622, under hosts.");
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException              when it cannot be read
     * @throws IllegalArgumentException when it says what cannot be; the message names the key
     */
    public static ServiceConfig read(Path file) throws IOException {
        JsonNode root;
        try {
            root = Texts.yaml(Files.readString(file));
        } catch (YAMLException e) {
            throw new IllegalArgumentException("%s is not YAML: %s".formatted(file, e.getMessage()), e);
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException(
                    "%s must hold keys and values, such as listen: %s.".formatted(file, DEFAULT_LISTEN));
        }
        refuseUnknown(root, "");
        String mode = root.path("auth").path("mode").asText("");
        if (!"noauth".equals(mode)) {
            throw new IllegalArgumentException("auth.mode is '%s'; this release knows noauth only.".formatted(mode));
        }
        List<URI> hosts = new ArrayList<>();
        root.path("hosts").forEach(url -> hosts.add(URI.create(url.asText())));
        Tasks.Pace usual = Tasks.Pace.DEFAULT;
        return new ServiceConfig(
                address(root.path("listen").asText(DEFAULT_LISTEN)),
                true,
                required(root.path("database"), "url", "database.url"),
                root.path("database").path("user").asText(null),
                secret(root.path("database").path("password"), "database.password"),
                hosts,
                secret(root.path("host_token"), "host_token"),
                root.path("instance").asText(Identity.hostname()),
                seconds(root, "applier", "longest_migration_seconds", LONGEST_MIGRATION),
                new Tasks.Pace(
                        usual.poll(),
                        seconds(root, "tasks", "heartbeat_seconds", usual.beat()),
                        Duration.ofHours(positive(
                                root.path("tasks").path("action_plan_expiry_hours"),
                                "tasks.action_plan_expiry_hours",
                                usual.planExpiry().toHours()))));
    }

    /** What {@code serve --noauth} runs without a file. */
    public static ServiceConfig tryOut(String listen, Path data, List<URI> hosts, String hostToken) {
        return new ServiceConfig(
                address(listen),
                true,
                Database.embedded(data),
                null,
                null,
                hosts,
                hostToken,
                Identity.hostname(),
                LONGEST_MIGRATION,
                Tasks.Pace.DEFAULT);
    }

    private static void refuseUnknown(JsonNode node, String section) {
        List<String> known = KEYS.get(section);
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            String key = entry.getKey();
            if (!known.contains(key)) {
                String nearest = known.stream()
                        .min(Comparator.comparingInt(
                                name -> LevenshteinDistance.getDefaultInstance().apply(key, name)))
                        .orElseThrow();
                throw new IllegalArgumentException("There is no key '%s'%s. Do you mean '%s'?"
                        .formatted(key, section.isEmpty() ? "" : " under " + section, nearest));
            }
            if (KEYS.containsKey(key)) {
                refuseUnknown(entry.getValue(), key);
            }
        }
    }

    private static String required(JsonNode node, String key, String name) {
        String value = node.path(key).asText("");
        if (value.isBlank()) {
            throw new IllegalArgumentException("The key %s is missing.".formatted(name));
        }
        return value;
    }

    private static Duration seconds(JsonNode root, String section, String key, Duration usual) {
        return Duration.ofSeconds(positive(root.path(section).path(key), section + "." + key, usual.toSeconds()));
    }

    private static long positive(JsonNode node, String name, long usual) {
        if (node.isMissingNode()) {
            return usual;
        }
        if (!node.isIntegralNumber() || node.asLong() < 1) {
            throw new IllegalArgumentException("%s (%s) must be a whole number, at least 1.".formatted(name, node));
        }
        return node.asLong();
    }

    private static String secret(JsonNode node, String name) throws IOException {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (node.hasNonNull("file")) {
            return Files.readString(Path.of(node.path("file").asText())).strip();
        }
        if (node.hasNonNull("env")) {
            String value = System.getenv(node.path("env").asText());
            if (value == null) {
                throw new IllegalArgumentException("%s should be in the environment variable %s, which is not set."
                        .formatted(name, node.path("env").asText()));
            }
            return value;
        }
        throw new IllegalArgumentException(
                "%s does not stand in this file: write {file: PATH} or {env: VARIABLE}.".formatted(name));
    }

    /**
     * An address and a port.
     *
     * @throws IllegalArgumentException when the text is not one
     */
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            return new InetSocketAddress(InetAddress.getByName(text.substring(0, Math.max(0, colon))), port);
        } catch (UnknownHostException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "'%s' is not an address and a port. Write one such as %s.".formatted(text, DEFAULT_LISTEN), e);
        }
    }

    @Override
    public String toString() {
        return "service on %s with %d host drivers, instance %s"
                .formatted(listen, hosts.size(), instance.toLowerCase(Locale.ROOT));
    }
}
