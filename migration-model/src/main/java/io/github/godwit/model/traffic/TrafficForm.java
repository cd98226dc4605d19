package io.github.godwit.model.traffic;

import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The one form of traffic classes in files, on the wire and in databases: maps, lists and text, as YAML and JSON have them. */
public final class TrafficForm {

    /** The key of the list of classes, and of the classes of a set. */
    public static final String CLASSES = "traffic_classes";

    /** The key of the bounds of a class and of a project. */
    public static final String BOUNDS = "bounds";

    private static final String PROJECTS = "projects";
    private static final String NAME = "name";
    private static final String VERSION = "version";
    private static final String DESCRIPTION = "description";
    private static final String ORIGIN = "origin";
    private static final String TRAFFIC = "traffic";
    private static final String AT_LEAST = "at_least";
    private static final String BELOW = "below";
    private static final String LOWER = "sla_lower";
    private static final String UPPER = "sla_upper";
    private static final String CLASS = "class";
    private static final String PROJECT = "project";

    /** The keys that an operator may give a class. */
    public static final List<String> KEYS = List.of(NAME, DESCRIPTION, ORIGIN, TRAFFIC, AT_LEAST, BELOW, BOUNDS);

    private TrafficForm() {}

    static List<WorkloadType> shipped() {
        try (InputStream resource = TrafficForm.class.getResourceAsStream("traffic_classes.yaml")) {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(resource);
            return types(map(document, "the document", CLASSES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Reads a set.
     *
     * @throws IllegalArgumentException when it is not in this form; the message names the class and the key
     */
    public static TrafficClasses read(Object form) {
        Map<String, Object> fields = map(form, "the set", VERSION, CLASSES, PROJECTS);
        List<ProjectBounds> projects = new ArrayList<>();
        for (Object each : list(fields, PROJECTS, "the set")) {
            Map<String, Object> keys = map(each, "the bounds of a project", CLASS, PROJECT, VERSION, BOUNDS);
            projects.add(new ProjectBounds(
                    text(keys, CLASS),
                    text(keys, PROJECT),
                    number(keys, VERSION).intValue(),
                    bounds(keys.get(BOUNDS))));
        }
        return new TrafficClasses(number(fields, VERSION).longValue(), types(fields), projects);
    }

    private static List<WorkloadType> types(Map<String, Object> fields) {
        return list(fields, CLASSES, "the set").stream().map(TrafficForm::type).toList();
    }

    /**
     * Reads a class.
     *
     * @throws IllegalArgumentException when it is not in this form; the message names the class and the key
     */
    public static WorkloadType type(Object form) {
        Map<String, Object> fields =
                map(form, "a class", NAME, VERSION, DESCRIPTION, ORIGIN, TRAFFIC, AT_LEAST, BELOW, BOUNDS);
        String name = text(fields, NAME);
        try {
            Set<TrafficClass> traffic = EnumSet.noneOf(TrafficClass.class);
            list(fields, TRAFFIC, name).forEach(each -> traffic.add(constant(TrafficClass.class, "traffic", each)));
            String atLeast = text(fields, AT_LEAST);
            String below = text(fields, BELOW);
            return new WorkloadType(
                    name,
                    number(fields, VERSION).intValue(),
                    text(fields, DESCRIPTION),
                    text(fields, ORIGIN),
                    traffic,
                    atLeast == null ? Bandwidth.ZERO : Bandwidth.parse(atLeast),
                    below == null ? null : Bandwidth.parse(below),
                    bounds(fields.get(BOUNDS)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("In traffic class '%s': %s".formatted(name, e.getMessage()), e);
        }
    }

    /**
     * Reads bounds by urgency.
     *
     * @throws IllegalArgumentException when they are not in this form
     */
    public static Map<Urgency, SlaTerms> bounds(Object form) {
        Map<Urgency, SlaTerms> bounds = new EnumMap<>(Urgency.class);
        if (form != null) {
            map(
                            form,
                            BOUNDS,
                            Arrays.stream(Urgency.values())
                                    .map(Urgency::toString)
                                    .toArray(String[]::new))
                    .forEach((urgency, pair) -> {
                        Map<String, Object> keys = map(pair, "the bounds for urgency " + urgency, LOWER, UPPER);
                        bounds.put(urgency(urgency), new SlaTerms(bound(keys, LOWER), bound(keys, UPPER)));
                    });
        }
        return bounds;
    }

    private static SlaBound bound(Map<String, Object> keys, String key) {
        String text = text(keys, key);
        if (text == null) {
            throw new IllegalArgumentException("'%s' is missing.".formatted(key));
        }
        return SlaBound.parse(text);
    }

    /**
     * Reads an urgency.
     *
     * @throws IllegalArgumentException when there is none of this name
     */
    public static Urgency urgency(String text) {
        return constant(Urgency.class, "urgency", text);
    }

    private static <E extends Enum<E>> E constant(Class<E> type, String what, Object text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> text(each).equalsIgnoreCase(String.valueOf(text).strip()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no %s '%s'. Choose one of %s."
                        .formatted(
                                what,
                                text,
                                Arrays.stream(type.getEnumConstants())
                                        .map(TrafficForm::text)
                                        .collect(Collectors.joining(", ")))));
    }

    /** The name of a direction or an urgency in this form. */
    public static String text(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** Writes a set. */
    public static Map<String, Object> write(TrafficClasses classes) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put(VERSION, classes.version());
        form.put(CLASSES, classes.types().stream().map(TrafficForm::write).toList());
        form.put(
                PROJECTS,
                classes.projects().stream()
                        .map(each -> Map.of(
                                CLASS, each.type(),
                                PROJECT, each.project(),
                                VERSION, each.version(),
                                BOUNDS, write(each.bounds())))
                        .toList());
        return form;
    }

    /** Writes a class. */
    public static Map<String, Object> write(WorkloadType type) {
        Map<String, Object> form = new LinkedHashMap<>();
        form.put(NAME, type.name());
        form.put(VERSION, type.version());
        form.put(DESCRIPTION, type.description());
        form.put(ORIGIN, type.origin());
        form.put(TRAFFIC, type.traffic().stream().map(TrafficForm::text).toList());
        form.put(AT_LEAST, type.atLeast().toString());
        if (type.below() != null) {
            form.put(BELOW, type.below().toString());
        }
        form.put(BOUNDS, write(type.bounds()));
        return form;
    }

    /** Writes bounds by urgency. */
    public static Map<String, Object> write(Map<Urgency, SlaTerms> bounds) {
        Map<String, Object> form = new LinkedHashMap<>();
        bounds.forEach((urgency, pair) -> {
            Map<String, Object> keys = new LinkedHashMap<>();
            keys.put(LOWER, pair.lower().toString());
            keys.put(UPPER, pair.upper().toString());
            form.put(urgency.toString(), keys);
        });
        return form;
    }

    private static Map<String, Object> map(Object value, String where, String... known) {
        if (!(value instanceof Map<?, ?> entries)) {
            throw new IllegalArgumentException("In the traffic classes, %s must be a mapping.".formatted(where));
        }
        Map<String, Object> result = new LinkedHashMap<>();
        entries.forEach((key, entry) -> {
            if (!List.of(known).contains(String.valueOf(key))) {
                throw new IllegalArgumentException("In the traffic classes, %s has an unknown key '%s'. Known are %s."
                        .formatted(where, key, String.join(", ", known)));
            }
            result.put(String.valueOf(key), entry);
        });
        return result;
    }

    private static List<?> list(Map<String, Object> fields, String key, String where) {
        Object value = fields.get(key);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> items) {
            return items;
        }
        throw new IllegalArgumentException("In the traffic classes, '%s' of %s must be a list.".formatted(key, where));
    }

    private static String text(Map<String, Object> fields, String key) {
        Object value = fields.get(key);
        return value == null ? null : String.valueOf(value);
    }

    private static Number number(Map<String, Object> fields, String key) {
        Object value = fields.getOrDefault(key, 0);
        if ((value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0) {
            return (Number) value;
        }
        throw new IllegalArgumentException(
                "In the traffic classes, '%s' must be a whole number from 0, not '%s'.".formatted(key, value));
    }
}
