package io.github.godwit.strategy.access;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.common.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * The rules that say which roles may call which route: those that ship, with the changes of a policy file in the form of oslo.policy's
 * {@code policy.yaml}. Immutable.
 */
public final class AccessRules {

    /** What holds without a policy file: everything needs the role admin or administrator, and webhooks may also have service. */
    public static final AccessRules SHIPPED = new AccessRules(shipped());

    /** Holds for paths that no rule names. */
    private static final String DEFAULT = "default";

    private final Map<String, String> texts;
    private final Map<String, Check> checks = new HashMap<>();

    private AccessRules(Map<String, String> texts) {
        this.texts = Collections.unmodifiableMap(texts);
        texts.forEach((name, text) -> {
            try {
                checks.put(name, CheckParser.parse(text));
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("Rule '%s': %s".formatted(name, e.getMessage()), e);
            }
        });
        checks.keySet().forEach(name -> follow(name, name, new HashSet<>()));
    }

    /** Checks that references lead to rules and in no circle. */
    private void follow(String from, String name, Set<String> path) {
        if (!checks.containsKey(name)) {
            throw new IllegalArgumentException(
                    "Rule '%s' refers to rule:%s, which does not exist.".formatted(from, name));
        }
        if (!path.add(name)) {
            throw new IllegalArgumentException("Rule '%s' refers to itself.".formatted(name));
        }
        checks.get(name).references().forEach(next -> follow(name, next, path));
        path.remove(name);
    }

    private static Map<String, String> shipped() {
        try (InputStream resource = AccessRules.class.getResourceAsStream("policy.yaml")) {
            return entries(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Returns the shipped rules with the changes of a policy file.
     *
     * @throws IOException              if the file cannot be read
     * @throws IllegalArgumentException if it names a route that does not exist, or has a check that is not supported; the message
     *                                  names the rule
     */
    public static AccessRules read(Path file) throws IOException {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new IOException("The policy file %s cannot be read: %s".formatted(file, e), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("The policy file %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    static AccessRules parse(String yaml) {
        Map<String, String> texts = new LinkedHashMap<>(SHIPPED.texts);
        entries(yaml).forEach((name, text) -> {
            if (name.contains(":") && !SHIPPED.texts.containsKey(name)) {
                throw new IllegalArgumentException(
                        "There is no rule '%s'. Do you mean '%s'?".formatted(name, nearest(name)));
            }
            texts.put(name, text);
        });
        return new AccessRules(texts);
    }

    private static Map<String, String> entries(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        JsonNode root;
        try {
            root = Texts.mapper().valueToTree(new Yaml(new SafeConstructor(options)).<Object>load(yaml));
        } catch (YAMLException e) {
            throw new IllegalArgumentException("It is not YAML: " + e.getMessage(), e);
        }
        Map<String, String> entries = new LinkedHashMap<>();
        if (root.isNull()) { // only comments
            return entries;
        }
        if (!root.isObject()) {
            throw new IllegalArgumentException("It must have rules such as \"audit:create\": \"role:admin\".");
        }
        root.properties().forEach(entry -> {
            if (!entry.getValue().isTextual()) {
                throw new IllegalArgumentException("Rule '%s' is %s; it must be a text such as \"role:admin\"."
                        .formatted(entry.getKey(), entry.getValue()));
            }
            entries.put(entry.getKey(), entry.getValue().textValue());
        });
        return entries;
    }

    private static String nearest(String name) {
        return SHIPPED.texts.keySet().stream()
                .filter(known -> known.contains(":"))
                .min(Comparator.comparingInt(
                        known -> LevenshteinDistance.getDefaultInstance().apply(name, known)))
                .orElseThrow();
    }

    /** Returns all rules as they are written, by name: first those that others refer to, then one for each kind of request. */
    public Map<String, String> texts() {
        return texts;
    }

    /** Whether a user with these roles may do something. */
    public boolean allow(String name, Collection<String> roles) {
        Set<String> lower =
                roles.stream().map(role -> role.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
        return checks.getOrDefault(name, checks.get(DEFAULT)).holds(lower, checks);
    }
}
