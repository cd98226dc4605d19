package io.github.godwit.model.select;

import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The one form of a policy in files, on the wire and in databases: maps, lists, text and numbers, as YAML and JSON have them. */
public final class PolicyForm {

    private static final String NAME = "name";
    private static final String VERSION = "version";
    private static final String SCENARIO = "scenario";
    private static final String SLOS = "slos";
    private static final String OPTIMIZE = "optimize";
    private static final String ALLOW = "allow_techniques";
    private static final String FORBID = "forbid_techniques";
    private static final String POSTCOPY = "postcopy";
    private static final String EVICTION = "eviction";
    private static final String METRIC = "metric";
    private static final String THRESHOLD = "threshold";
    private static final String WEIGHT = "weight";

    /** The keys that an operator may give a policy. */
    public static final List<String> KEYS = List.of(NAME, SCENARIO, SLOS, OPTIMIZE, ALLOW, FORBID, POSTCOPY, EVICTION);

    private static final Set<String> ALL_KEYS =
            Set.of(NAME, VERSION, SCENARIO, SLOS, OPTIMIZE, ALLOW, FORBID, POSTCOPY, EVICTION);

    private PolicyForm() {}

    /**
     * Reads a policy.
     *
     * @throws IllegalArgumentException when it is not in this form; the message names the policy and the key
     */
    public static SloPolicy read(Object form) {
        Map<String, Object> fields = map(form, "a policy", ALL_KEYS);
        String name = text(fields, NAME, "a policy");
        String where = "policy '" + name + "'";
        List<Slo> slos = new ArrayList<>();
        for (Object slo : list(fields, SLOS, where)) {
            Map<String, Object> keys = map(slo, "an SLO of " + where, Set.of(METRIC, THRESHOLD, WEIGHT));
            slos.add(new Slo(
                    metric(keys.get(METRIC), where), number(keys, THRESHOLD, where), number(keys, WEIGHT, where)));
        }
        Map<String, Object> objective = map(fields.get(OPTIMIZE), "'optimize' of " + where, null);
        Map<Metric, Double> optimize = new EnumMap<>(Metric.class);
        objective.keySet().forEach(key -> optimize.put(metric(key, where), number(objective, key, where)));
        return new SloPolicy(
                name,
                version(fields, where),
                text(fields, SCENARIO, where),
                slos,
                optimize,
                terms(fields, where),
                flag(fields, EVICTION, where));
    }

    private static boolean flag(Map<String, Object> fields, String key, String where) {
        Object value = fields.getOrDefault(key, false);
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw new IllegalArgumentException(
                "In the policies, '%s' of %s must be true or false, not '%s'.".formatted(key, where, value));
    }

    private static int version(Map<String, Object> fields, String where) {
        Object version = fields.getOrDefault(VERSION, 0);
        if (version instanceof Integer number && number >= 0) {
            return number;
        }
        throw new IllegalArgumentException(
                "In the policies, 'version' of %s must be a whole number from 0, not '%s'.".formatted(where, version));
    }

    private static TechniqueTerms terms(Map<String, Object> fields, String where) {
        Object postcopy = fields.get(POSTCOPY);
        try {
            return new TechniqueTerms(
                    techniques(fields, ALLOW, where),
                    techniques(fields, FORBID, where),
                    postcopy == null ? PostCopyUse.FREE : PostCopyUse.parse(String.valueOf(postcopy)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("In the policies, %s: %s".formatted(where, e.getMessage()), e);
        }
    }

    private static Set<Technique> techniques(Map<String, Object> fields, String key, String where) {
        Set<Technique> techniques = EnumSet.noneOf(Technique.class);
        if (fields.get(key) != null) {
            list(fields, key, where).forEach(id -> techniques.add(Technique.parse(String.valueOf(id))));
        }
        return techniques;
    }

    /** Writes a policy. What is not set is left out, so that a policy without terms has the form that it always had. */
    public static Map<String, Object> write(SloPolicy policy) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put(NAME, policy.name());
        if (policy.version() > 0) {
            form.put(VERSION, policy.version());
        }
        form.put(SCENARIO, policy.scenario());
        form.put(SLOS, policy.slos().stream().map(PolicyForm::slo).toList());
        Map<String, Object> optimize = new LinkedHashMap<>();
        policy.optimize().forEach((metric, weight) -> optimize.put(metric.id(), weight));
        form.put(OPTIMIZE, optimize);
        TechniqueTerms terms = policy.techniques();
        if (!terms.allow().isEmpty()) {
            form.put(ALLOW, ids(terms.allow()));
        }
        if (!terms.forbid().isEmpty()) {
            form.put(FORBID, ids(terms.forbid()));
        }
        if (terms.postcopy() != PostCopyUse.FREE) {
            form.put(POSTCOPY, terms.postcopy().toString());
        }
        if (policy.eviction()) {
            form.put(EVICTION, true);
        }
        return form;
    }

    private static Map<String, Object> slo(Slo slo) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put(METRIC, slo.metric().id());
        form.put(THRESHOLD, slo.threshold());
        form.put(WEIGHT, slo.weight());
        return form;
    }

    private static List<String> ids(Set<Technique> techniques) {
        return techniques.stream().map(Technique::id).toList();
    }

    static Map<String, Object> map(Object value, String where, Set<String> known) {
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

    static List<?> list(Map<String, Object> fields, String key, String where) {
        if (fields.get(key) instanceof List<?> items) {
            return items;
        }
        throw new IllegalArgumentException("In the policies, '%s' of %s must be a list.".formatted(key, where));
    }

    private static String text(Map<String, Object> fields, String key, String where) {
        Object value = fields.get(key);
        if (value == null) {
            throw new IllegalArgumentException("In the policies, '%s' of %s is missing.".formatted(key, where));
        }
        return String.valueOf(value);
    }

    private static double number(Map<String, Object> fields, String key, String where) {
        if (fields.get(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
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
