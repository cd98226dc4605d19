package io.github.godwit.host.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.select.PolicyForm;
import io.github.godwit.model.select.SloPolicy;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Generates JSON Schemas of records in the form that {@link io.github.godwit.hostapi.WireJson} writes. */
final class JsonSchemas {

    private final ObjectNode components;

    /**
     * Creates a generator.
     *
     * @param components receives the schemas of records under their simple names
     */
    JsonSchemas(ObjectNode components) {
        this.components = components;
    }

    ObjectNode of(Type type) {
        if (type instanceof ParameterizedType generic) {
            Class<?> raw = (Class<?>) generic.getRawType();
            Type[] arguments = generic.getActualTypeArguments();
            if (Collection.class.isAssignableFrom(raw)) {
                ObjectNode array = node("array");
                array.set("items", of(arguments[0]));
                return array;
            }
            if (Map.class.isAssignableFrom(raw)) {
                ObjectNode map = node("object");
                map.set("additionalProperties", of(arguments[1]));
                return map;
            }
            return of(raw);
        }
        return of((Class<?>) type);
    }

    private ObjectNode of(Class<?> type) {
        if (type.isRecord()) {
            return reference(type);
        }
        if (type.isEnum()) {
            ArrayNode values = node("string").putArray("enum");
            Arrays.stream(type.getEnumConstants()).forEach(value -> values.add(value.toString()));
            ObjectNode schema = node("string");
            schema.set("enum", values);
            return schema;
        }
        if (type == int.class || type == long.class || type == Integer.class) {
            return node("integer");
        }
        if (type == double.class || type == Double.class) {
            return node("number");
        }
        if (type == boolean.class) {
            return node("boolean");
        }
        if (type == Instant.class) {
            return node("string").put("format", "date-time");
        }
        if (type == Duration.class) {
            return node("string").put("format", "duration");
        }
        if (type == URI.class) {
            return node("string").put("format", "uri");
        }
        return type == String.class ? node("string") : JsonNodeFactory.instance.objectNode();
    }

    /** A policy has the form of the policies file, not that of its record. */
    private static ObjectNode policy() {
        ObjectNode schema = node("object").put("additionalProperties", false);
        ArrayNode required = schema.putArray("required");
        ObjectNode properties = schema.putObject("properties");
        for (String key : PolicyForm.KEYS) {
            properties.putObject(key);
        }
        properties.putObject("version").put("type", "integer");
        List.of("name", "scenario", "slos", "optimize").forEach(required::add);
        return schema;
    }

    private ObjectNode reference(Class<?> type) {
        String name = type.getSimpleName();
        if (type == SloPolicy.class) {
            components.set(name, policy());
        } else if (!components.has(name)) {
            ObjectNode schema = components
                    .putObject(name)
                    .put("type", "object")
                    .put("additionalProperties", WireJson.ignoresUnknown(type));
            ObjectNode properties = schema.putObject("properties");
            for (RecordComponent component : type.getRecordComponents()) {
                properties.set(component.getName(), of(component.getGenericType()));
            }
        }
        return JsonNodeFactory.instance.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    private static ObjectNode node(String type) {
        return JsonNodeFactory.instance.objectNode().put("type", type);
    }
}
