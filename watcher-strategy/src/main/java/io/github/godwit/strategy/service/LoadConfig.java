package io.github.godwit.strategy.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.nova.AetosAccess;
import io.github.godwit.nova.PrometheusAccess;
import io.github.godwit.strategy.load.DefaultQueries;
import io.github.godwit.strategy.load.LoadMetric;
import io.github.godwit.strategy.load.LoadSource;
import io.github.godwit.strategy.load.PrometheusTerms;
import io.github.godwit.strategy.load.VmExporter;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads where load comes from: the section {@code load} of the configuration. */
final class LoadConfig {

    /** The keys of the section. */
    static final List<String> KEYS = List.of(
            "source",
            "url",
            "user",
            "password",
            "token",
            "interface",
            "region",
            "timeout_seconds",
            "vm_exporter",
            "range",
            "match",
            "host_label",
            "vm_label",
            "host_info",
            "vm_info",
            "queries");

    private static final String HOST_DRIVERS = "host_drivers";
    private static final String PROMETHEUS = "prometheus";
    private static final String AETOS = "aetos";
    private static final List<String> INTERFACES = List.of("public", "internal", "admin");

    private static final Pattern RANGE = Pattern.compile("([0-9]+(ms|[smhdwy]))+");
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");
    private static final String MATCHER = "\\s*[a-zA-Z_][a-zA-Z0-9_]*\\s*(=|!=|=~|!~)\\s*\"([^\"\\\\]|\\\\.)*\"\\s*";
    private static final Pattern MATCHERS = Pattern.compile(MATCHER + "(," + MATCHER + ")*");

    private final JsonNode load;
    private final Duration timeout;

    private LoadConfig(JsonNode load, Duration timeout) {
        this.load = load;
        this.timeout = timeout;
    }

    /**
     * Reads the section.
     *
     * @param load    the section
     * @param timeout timeout of each query
     * @return where load is read, or null for the load that the host drivers report
     * @throws IOException              if a file with a secret cannot be read
     * @throws IllegalArgumentException if a value is invalid; the message names the key
     */
    static LoadSource read(JsonNode load, Duration timeout) throws IOException {
        String source = load.path("source").asText(HOST_DRIVERS);
        return switch (source) {
            case HOST_DRIVERS -> null;
            case PROMETHEUS -> new LoadConfig(load, timeout).prometheus();
            case AETOS -> new LoadConfig(load, timeout).aetos();
            default ->
                throw new IllegalArgumentException("load.source is '%s'; it must be %s, %s or %s."
                        .formatted(source, HOST_DRIVERS, PROMETHEUS, AETOS));
        };
    }

    private LoadSource prometheus() throws IOException {
        refuse(PROMETHEUS, "interface", "region");
        URI url = ConfigFile.url(ConfigFile.required(load, "url", "load.url"), "load.url");
        String token = ConfigFile.secret(load.path("token"), "load.token");
        String user = load.path("user").asText(null);
        String password = ConfigFile.secret(load.path("password"), "load.password");
        if ((user == null) != (password == null) || (user != null && token != null)) {
            throw new IllegalArgumentException(
                    "load has load.user and load.password together, or load.token, or none of them.");
        }
        PrometheusAccess access = PrometheusAccess.open(url);
        if (user != null) {
            access = PrometheusAccess.basic(url, user, password);
        } else if (token != null) {
            access = PrometheusAccess.bearer(url, token);
        }
        return new LoadSource(access, null, timeout, terms(VmExporter.LIBVIRT));
    }

    private LoadSource aetos() {
        refuse(AETOS, "user", "password", "token");
        String face = load.path("interface").asText(INTERFACES.get(0));
        if (!INTERFACES.contains(face)) {
            throw new IllegalArgumentException(
                    "load.interface is '%s'; it must be one of %s.".formatted(face, String.join(", ", INTERFACES)));
        }
        URI url = load.hasNonNull("url") ? ConfigFile.url(load.path("url").asText(), "load.url") : null;
        AetosAccess.Choice choice =
                new AetosAccess.Choice(face, load.path("region").asText(null), url);
        return new LoadSource(null, choice, timeout, terms(VmExporter.CEILOMETER));
    }

    private void refuse(String source, String... keys) {
        for (String key : keys) {
            if (load.has(key)) {
                throw new IllegalArgumentException(
                        "load.%s has no meaning with load.source %s. Remove it.".formatted(key, source));
            }
        }
    }

    private PrometheusTerms terms(VmExporter usual) {
        VmExporter exporter = exporter(usual);
        boolean ranged = load.hasNonNull("range");
        String range = checked("range", VmExporter.LIBVIRT.range(), RANGE, "a duration of PromQL such as 10m");
        DefaultQueries defaults = new DefaultQueries(
                exporter,
                range,
                ranged ? range : exporter.range(),
                checked("match", "", MATCHERS, "label matchers of PromQL such as cluster=\"prod\",job=\"node\""));
        Map<LoadMetric, String> queries = new EnumMap<>(defaults.all());
        for (LoadMetric metric : LoadMetric.values()) {
            JsonNode own = load.path("queries").path(metric.key());
            if (own.isNull() || (own.isTextual() && own.textValue().isBlank())) {
                queries.remove(metric);
            } else if (!own.isMissingNode()) {
                queries.put(metric, own.asText());
            }
        }
        return new PrometheusTerms(
                labels("host_label", PrometheusTerms.HOST_LABELS),
                labels("vm_label", exporter.labels()),
                info("host_info", defaults.hostInfo()),
                info("vm_info", defaults.vmInfo()),
                queries);
    }

    private VmExporter exporter(VmExporter usual) {
        String name = load.path("vm_exporter").asText(usual.key());
        return Stream.of(VmExporter.values())
                .filter(each -> each.key().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "load.vm_exporter is '%s'; it must be libvirt or ceilometer.".formatted(name)));
    }

    private String info(String key, String usual) {
        JsonNode own = load.path(key);
        if (own.isMissingNode()) {
            return usual;
        }
        return own.isNull() ? "" : own.asText().strip();
    }

    private String checked(String key, String usual, Pattern form, String meaning) {
        String value = load.path(key).asText(usual);
        if (!value.equals(usual) && !form.matcher(value).matches()) {
            throw new IllegalArgumentException("load.%s (%s) must be %s.".formatted(key, value, meaning));
        }
        return value;
    }

    private List<String> labels(String key, List<String> usual) {
        JsonNode node = load.path(key);
        if (node.isMissingNode()) {
            return usual;
        }
        List<String> labels = new ArrayList<>();
        if (node.isArray()) {
            node.forEach(label -> labels.add(label.asText()));
        } else {
            labels.add(node.asText());
        }
        if (labels.isEmpty()
                || !labels.stream().allMatch(label -> LABEL.matcher(label).matches())) {
            throw new IllegalArgumentException(
                    "load.%s (%s) must be the name of a label, or a list of such names.".formatted(key, node));
        }
        return labels;
    }
}
