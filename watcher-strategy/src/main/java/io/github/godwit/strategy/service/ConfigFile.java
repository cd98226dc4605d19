package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.common.ListenAddress;
import io.github.godwit.common.SecretFile;
import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.access.AccessRules;
import io.github.godwit.strategy.auth.KeystoneTerms;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.load.LoadMetric;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads a {@link ServiceConfig} from YAML. Defines the keys, checks their values and adds defaults. */
final class ConfigFile {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);
    private static final String DEFAULT_DOMAIN = "Default";
    private static final String DEFAULT_PROJECT = "service";
    private static final Duration EXTERNAL_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TOKEN_CACHE = Duration.ofMinutes(5);

    /** All keys, by section; the section with the empty name is the top level of the file. */
    private static final Map<String, List<String>> KEYS = Map.ofEntries(
            Map.entry(
                    "",
                    List.of(
                            "listen",
                            "auth",
                            "database",
                            "nova",
                            "observe",
                            "load",
                            "hosts",
                            "racks",
                            "rack_links",
                            "host_token",
                            "tls",
                            "enable_proxy_headers_parsing",
                            "instance",
                            "applier",
                            "trail_file",
                            "tasks")),
            Map.entry(
                    "auth",
                    List.of(
                            "mode",
                            "url",
                            "user",
                            "password",
                            "user_domain",
                            "project",
                            "project_domain",
                            "policy_file",
                            "host_names",
                            "timeout_seconds",
                            "token_cache_seconds")),
            Map.entry("database", List.of("url", "user", "password")),
            Map.entry("host_token", List.of("file", "env")),
            Map.entry("password", List.of("file", "env")),
            Map.entry("tls", List.of("certificate", "key", "ca", "own_port")),
            Map.entry("load", LoadConfig.KEYS),
            Map.entry("token", List.of("file", "env")),
            Map.entry(
                    "queries",
                    Stream.of(LoadMetric.values()).map(LoadMetric::key).toList()),
            Map.entry("applier", List.of("longest_migration_seconds")),
            Map.entry(
                    "tasks",
                    List.of(
                            "heartbeat_seconds",
                            "action_plan_expiry_hours",
                            "retention_days",
                            "audit_retention_days",
                            "action_plan_retention_days",
                            "outcome_retention_days",
                            "trail_retention_days")));

    private ConfigFile() {}

    /**
     * Reads a file.
     *
     * @throws IOException              if the file or a file that it refers to cannot be read
     * @throws IllegalArgumentException if the content is invalid; the message names the key
     */
    static ServiceConfig read(Path file) throws IOException {
        JsonNode root;
        try {
            root = Texts.yaml(Files.readString(file));
        } catch (YAMLException e) {
            throw new IllegalArgumentException("%s is not YAML: %s".formatted(file, e.getMessage()), e);
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("%s must contain keys and values, such as listen: %s."
                    .formatted(file, ServiceConfig.DEFAULT_LISTEN));
        }
        rejectUnknownKeys(root, "");
        List<URI> hosts = new ArrayList<>();
        root.path("hosts").forEach(url -> hosts.add(url(url.asText(), "hosts")));
        Tasks.Pace defaults = Tasks.Pace.DEFAULT;
        return new ServiceConfig(
                ListenAddress.parse(
                        root.path("listen").asText(ServiceConfig.DEFAULT_LISTEN), ServiceConfig.DEFAULT_LISTEN),
                keystone(root),
                required(root.path("database"), "url", "database.url"),
                root.path("database").path("user").asText(null),
                secret(root.path("database").path("password"), "database.password"),
                flag(root, "nova"),
                LoadConfig.read(root.path("load"), seconds(root, "load", "timeout_seconds", EXTERNAL_TIMEOUT)),
                hosts,
                secret(root.path("host_token"), "host_token"),
                root.path("instance").asText(Identity.hostname()),
                seconds(root, "applier", "longest_migration_seconds", ServiceConfig.LONGEST_MIGRATION),
                new Tasks.Pace(
                        defaults.poll(),
                        seconds(root, "tasks", "heartbeat_seconds", defaults.beat()),
                        Duration.ofHours(positive(
                                root.path("tasks").path("action_plan_expiry_hours"),
                                "tasks.action_plan_expiry_hours",
                                defaults.planExpiry().toHours())),
                        keep(root.path("tasks"))),
                RackConfig.read(root),
                new Transport(
                        tls(root.path("tls")), ownPort(root.path("tls")), flag(root, "enable_proxy_headers_parsing")),
                flag(root, "observe"),
                names(root.path("auth").path("host_names"), "auth.host_names"),
                root.hasNonNull("trail_file") ? Path.of(root.path("trail_file").asText()) : null);
    }

    private static Optional<TlsFiles> tls(JsonNode tls) {
        if (tls.isMissingNode() || tls.isNull()) {
            return Optional.empty();
        }
        return Optional.of(new TlsFiles(
                Path.of(required(tls, "certificate", "tls.certificate")),
                Path.of(required(tls, "key", "tls.key")),
                Path.of(required(tls, "ca", "tls.ca"))));
    }

    private static boolean ownPort(JsonNode tls) {
        return tls.isObject() && (!tls.has("own_port") || flag(tls, "own_port"));
    }

    private static Keep keep(JsonNode tasks) {
        long all =
                days(tasks, "retention_days", Tasks.Pace.DEFAULT.keep().plans().toDays());
        return new Keep(
                Duration.ofDays(days(tasks, "audit_retention_days", all)),
                Duration.ofDays(days(tasks, "action_plan_retention_days", all)),
                Duration.ofDays(days(tasks, "outcome_retention_days", all)),
                Duration.ofDays(days(tasks, "trail_retention_days", all)));
    }

    private static long days(JsonNode tasks, String key, long defaultValue) {
        return atLeast(0, tasks.path(key), "tasks." + key, defaultValue);
    }

    private static KeystoneTerms keystone(JsonNode root) throws IOException {
        JsonNode auth = root.path("auth");
        String mode = auth.path("mode").asText("");
        if ("noauth".equals(mode)) {
            if (auth.has("policy_file")) {
                throw new IllegalArgumentException(
                        "auth.policy_file says which roles may do what, but with auth.mode noauth nobody has roles. Remove it.");
            }
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
                auth.hasNonNull("policy_file")
                        ? AccessRules.read(Path.of(auth.path("policy_file").asText()))
                        : AccessRules.SHIPPED,
                seconds(root, "auth", "token_cache_seconds", TOKEN_CACHE));
    }

    private static Set<String> names(JsonNode node, String name) {
        if (node.isMissingNode()) {
            return Set.of();
        }
        if (!node.isArray()) {
            throw new IllegalArgumentException("%s (%s) must be a list of names.".formatted(name, node));
        }
        Set<String> names = new HashSet<>();
        node.forEach(each -> names.add(each.asText()));
        return names;
    }

    static URI url(String text, String name) {
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

    private static void rejectUnknownKeys(JsonNode node, String section) {
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
                rejectUnknownKeys(entry.getValue(), key);
            }
        }
    }

    static String required(JsonNode node, String key, String name) {
        String value = node.path(key).asText("");
        if (value.isBlank()) {
            throw new IllegalArgumentException("The key %s is missing.".formatted(name));
        }
        return value;
    }

    private static Duration seconds(JsonNode root, String section, String key, Duration defaultValue) {
        return Duration.ofSeconds(
                positive(root.path(section).path(key), section + "." + key, defaultValue.toSeconds()));
    }

    private static boolean flag(JsonNode root, String key) {
        JsonNode node = root.path(key);
        if (!node.isMissingNode() && !node.isBoolean()) {
            throw new IllegalArgumentException("%s (%s) must be true or false.".formatted(key, node));
        }
        return node.asBoolean();
    }

    private static long positive(JsonNode node, String name, long defaultValue) {
        return atLeast(1, node, name, defaultValue);
    }

    private static long atLeast(long least, JsonNode node, String name, long defaultValue) {
        if (node.isMissingNode()) {
            return defaultValue;
        }
        if (!node.isIntegralNumber() || node.asLong() < least) {
            throw new IllegalArgumentException(
                    "%s (%s) must be a whole number, at least %d.".formatted(name, node, least));
        }
        return node.asLong();
    }

    static String secret(JsonNode node, String name) throws IOException {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (node.hasNonNull("file")) {
            return SecretFile.read(name, Path.of(node.path("file").asText()));
        }
        if (node.hasNonNull("env")) {
            String value = System.getenv(node.path("env").asText());
            if (value == null) {
                throw new IllegalArgumentException("%s refers to the environment variable %s, which is not set."
                        .formatted(name, node.path("env").asText()));
            }
            return value;
        }
        throw new IllegalArgumentException(
                "%s must not be in this file: write {file: PATH} or {env: VARIABLE}.".formatted(name));
    }
}
