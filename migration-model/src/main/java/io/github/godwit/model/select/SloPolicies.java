package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Policies by name, read from YAML in the form of {@code policies.yaml}, which contains the six policies of [FGCS 2025], table 3. */
public final class SloPolicies {

    private final Map<String, SloPolicy> byName;

    private SloPolicies(Map<String, SloPolicy> byName) {
        this.byName = Collections.unmodifiableMap(byName);
    }

    /** The six policies that ship with Godwit. */
    public static SloPolicies shipped() {
        try (InputStream resource = SloPolicies.class.getResourceAsStream("policies.yaml")) {
            return read(new InputStreamReader(resource, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads policies from YAML.
     *
     * @throws IllegalArgumentException when the text is not YAML in that form; the message names the policy and the key
     */
    public static SloPolicies read(Reader yaml) {
        Object document;
        try {
            document = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException("The policies are not valid YAML: " + e.getMessage(), e);
        }
        Map<String, SloPolicy> policies = new LinkedHashMap<>();
        for (Object entry : list(map(document, "the document", Set.of("policies")), "policies", "the document")) {
            SloPolicy policy = policy(entry);
            if (policies.put(policy.name(), policy) != null) {
                throw new IllegalArgumentException("There are two policies '%s'.".formatted(policy.name()));
            }
        }
        return new SloPolicies(policies);
    }

    /**
     * The policy with this name.
     *
     * @throws IllegalArgumentException when there is none; the message lists all names
     */
    public SloPolicy get(String name) {
        SloPolicy policy = byName.get(name);
        if (policy == null) {
            throw new IllegalArgumentException(
                    "There is no policy '%s'. Choose one of %s.".formatted(name, String.join(", ", byName.keySet())));
        }
        return policy;
    }

    /** All policies, in the order of the YAML text. */
    public Collection<SloPolicy> all() {
        return byName.values();
    }

    private static SloPolicy policy(Object entry) {
        Map<String, Object> fields = map(entry, "a policy", Set.of("name", "scenario", "slos", "optimize"));
        String name = String.valueOf(fields.get("name"));
        String where = "policy '" + name + "'";
        List<Slo> slos = new ArrayList<>();
        for (Object slo : list(fields, "slos", where)) {
            Map<String, Object> keys = map(slo, "an SLO of " + where, Set.of("metric", "threshold", "weight"));
            slos.add(new Slo(
                    metric(keys.get("metric"), where),
                    number(keys, "threshold", where),
                    number(keys, "weight", where)));
        }
        Map<String, Object> objective = map(fields.get("optimize"), "'optimize' of " + where, null);
        Map<Metric, Double> optimize = new EnumMap<>(Metric.class);
        objective.keySet().forEach(key -> optimize.put(metric(key, where), number(objective, key, where)));
        return new SloPolicy(name, String.valueOf(fields.get("scenario")), slos, optimize);
    }

    private static Map<String, Object> map(Object value, String where, Set<String> known) {
        if (!(value instanceof Map<?, ?> entries)) {
            throw new IllegalArgumentException("In the policies, %s must be a mapping.".formatted(where));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            if (known != null && !known.contains(String.valueOf(key))) {
                throw new IllegalArgumentException("In the policies, %s has an unknown key '%s'. Known are %s."
                        .formatted(where, key, known.stream().sorted().toList()));
            }
            result.put(String.valueOf(key), entry);
        });
        return result;
    }

    private static List<?> list(Map<String, Object> fields, String key, String where) {
        if (fields.get(key) instanceof List<?> items) {
            return items;
        }
        throw new IllegalArgumentException("In the policies, '%s' of %s must be a list.".formatted(key, where));
    }

    private static double number(Map<String, Object> fields, String key, String where) {
        if (fields.get(key) instanceof Number number) {
            return number.doubleValue();
        }
        throw new IllegalArgumentException(
                "In the policies, '%s' of %s must be a number, not '%s'.".formatted(key, where, fields.get(key)));
    }

    private static Metric metric(Object name, String where) {
        return Arrays.stream(Metric.values())
                .filter(metric -> metric.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "In the policies, %s names an unknown metric '%s'. ".formatted(where, name) + "Choose one of "
                                + Arrays.toString(Metric.values()) + "."));
    }
}
