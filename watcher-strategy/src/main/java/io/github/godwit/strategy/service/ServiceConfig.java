package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.Texts;
import io.github.godwit.strategy.auth.KeystoneTerms;
import io.github.godwit.strategy.auth.Roles;
import io.github.godwit.strategy.load.LoadMetric;
import io.github.godwit.strategy.load.PrometheusTerms;
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
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * How an instance is set up: one YAML file, each key of which {@code docs/service.md} explains. Keys that are unknown are refused,
 * with the known one that comes nearest. Secrets are in files or in the environment, never in the file itself.
 *
 * @param listen           address and port
 * @param keystone         who may do what, or null where everybody may do everything; on loopback only
 * @param databaseUrl      JDBC URL
 * @param databaseUser     user, or null
 * @param databasePassword password, or null
 * @param nova             whether Nova's rules are kept and its hosts disabled; needs keystone
 * @param load             where load is read, or null to take the host drivers' figures
 * @param hosts            base URLs of the host drivers
 * @param hostToken        token that the host drivers ask for, or null
 * @param instance         name of this instance, of its own among those that share the database
 * @param longestMigration a migration that is expected to take longer counts as one that does not end
 * @param pace             how fast things go on
 */
public record ServiceConfig(
        InetSocketAddress listen,
        KeystoneTerms keystone,
        String databaseUrl,
        String databaseUser,
        String databasePassword,
        boolean nova,
        PrometheusTerms load,
        List<URI> hosts,
        String hostToken,
        String instance,
        Duration longestMigration,
        Tasks.Pace pace) {

    /** Watcher's port. */
    public static final String DEFAULT_LISTEN = "127.0.0.1:9322";

    private static final Logger LOG = LoggerFactory.getLogger(ServiceConfig.class);
    private static final String DEFAULT_DOMAIN = "Default";
    private static final String HOST_DRIVERS = "host_drivers";
    private static final String DEFAULT_PROJECT = "service";
    private static final Duration EXTERNAL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TOKEN_CACHE = Duration.ofMinutes(5);
    private static final Duration LONGEST_MIGRATION = Duration.ofMinutes(5);

    /** All keys, by their section; the first section is the file itself. */
    private static final Map<String, List<String>> KEYS = Map.of(
            "",
                    List.of(
                            "listen",
                            "auth",
                            "database",
                            "nova",
                            "load",
                            "hosts",
                            "host_token",
                            "instance",
                            "applier",
                            "tasks"),
            "auth",
                    List.of(
                            "mode",
                            "url",
                            "user",
                            "password",
                            "user_domain",
                            "project",
                            "project_domain",
                            "roles",
                            "webhook_roles",
                            "timeout_seconds",
                            "token_cache_seconds"),
            "database", List.of("url", "user", "password"),
            "host_token", List.of("file", "env"),
            "password", List.of("file", "env"),
            "load", List.of("source", "url", "token", "timeout_seconds", "host_label", "vm_label", "queries"),
            "token", List.of("file", "env"),
            "queries", Stream.of(LoadMetric.values()).map(ServiceConfig::key).toList(),
            "applier", List.of("longest_migration_seconds"),
            "tasks", List.of("heartbeat_seconds", "action_plan_expiry_hours"));

    /**
     * Checks what belongs together.
     *
     * @throws IllegalArgumentException when it is not safe or not enough
     */
    public ServiceConfig {
        hosts = List.copyOf(hosts);
        if (keystone == null && !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    "%s can be reached from other hosts, where auth.mode noauth would let anyone move VMs. Listen on 127.0.0.1, or set auth.mode to keystone."
                            .formatted(listen));
        }
        if (nova && keystone == null) {
            throw new IllegalArgumentException(
                    "nova is true, but auth.mode is not keystone: Nova is asked as auth.user.");
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
        List<URI> hosts = new ArrayList<>();
        root.path("hosts").forEach(url -> hosts.add(url(url.asText(), "hosts")));
        Tasks.Pace usual = Tasks.Pace.DEFAULT;
        return new ServiceConfig(
                address(root.path("listen").asText(DEFAULT_LISTEN)),
                keystone(root),
                required(root.path("database"), "url", "database.url"),
                root.path("database").path("user").asText(null),
                secret(root.path("database").path("password"), "database.password"),
                root.path("nova").asBoolean(false),
                load(root),
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
                null,
                Database.embedded(data),
                null,
                null,
                false,
                null,
                hosts,
                hostToken,
                Identity.hostname(),
                LONGEST_MIGRATION,
                Tasks.Pace.DEFAULT);
    }

    private static KeystoneTerms keystone(JsonNode root) throws IOException {
        JsonNode auth = root.path("auth");
        String mode = auth.path("mode").asText("");
        if ("noauth".equals(mode)) {
            return null;
        }
        if (!"keystone".equals(mode)) {
            throw new IllegalArgumentException("auth.mode is '%s'; it must be keystone or noauth.".formatted(mode));
        }
        String password = secret(auth.path("password"), "auth.password");
        if (password == null) {
            throw new IllegalArgumentException(
                    "The key auth.password is missing: write {file: PATH} or {env: VARIABLE}.");
        }
        OpenStackUser self = new OpenStackUser(
                required(auth, "user", "auth.user"),
                password,
                auth.path("user_domain").asText(DEFAULT_DOMAIN),
                auth.path("project").asText(DEFAULT_PROJECT),
                auth.path("project_domain").asText(DEFAULT_DOMAIN));
        return new KeystoneTerms(
                url(required(auth, "url", "auth.url"), "auth.url"),
                self,
                seconds(root, "auth", "timeout_seconds", EXTERNAL_TIMEOUT),
                new Roles(
                        names(auth.path("roles"), "auth.roles", Roles.DEFAULT.all()),
                        names(auth.path("webhook_roles"), "auth.webhook_roles", Roles.DEFAULT.webhook())),
                seconds(root, "auth", "token_cache_seconds", TOKEN_CACHE));
    }

    private static PrometheusTerms load(JsonNode root) throws IOException {
        JsonNode load = root.path("load");
        String source = load.path("source").asText(HOST_DRIVERS);
        if (HOST_DRIVERS.equals(source)) {
            return null;
        }
        if (!"prometheus".equals(source)) {
            throw new IllegalArgumentException(
                    "load.source is '%s'; it must be host_drivers or prometheus.".formatted(source));
        }
        Map<LoadMetric, String> queries = new EnumMap<>(LoadMetric.class);
        for (LoadMetric metric : LoadMetric.values()) {
            queries.put(metric, load.path("queries").path(key(metric)).asText(metric.usual()));
        }
        return new PrometheusTerms(
                url(required(load, "url", "load.url"), "load.url"),
                secret(load.path("token"), "load.token"),
                seconds(root, "load", "timeout_seconds", EXTERNAL_TIMEOUT),
                load.path("host_label").asText(PrometheusTerms.HOST_LABEL),
                load.path("vm_label").asText(PrometheusTerms.VM_LABEL),
                queries);
    }

    private static String key(LoadMetric metric) {
        return metric.name().toLowerCase(Locale.ROOT);
    }

    private static Set<String> names(JsonNode node, String name, Set<String> usual) {
        if (node.isMissingNode()) {
            return usual;
        }
        if (!node.isArray()) {
            throw new IllegalArgumentException("%s (%s) must be a list of names.".formatted(name, node));
        }
        Set<String> names = new HashSet<>();
        node.forEach(each -> names.add(each.asText()));
        return names;
    }

    private static URI url(String text, String name) {
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && List.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("Not a URL", e);
        }
        throw new IllegalArgumentException("%s (%s) must be a URL such as http://10.0.0.1:5000.".formatted(name, text));
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
