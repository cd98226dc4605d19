package io.github.godwit.model.select;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
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
        Map<String, Object> root = PolicyForm.map(document, "the document", Set.of("policies"));
        for (Object entry : PolicyForm.list(root, "policies", "the document")) {
            SloPolicy policy = PolicyForm.read(entry);
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
}
