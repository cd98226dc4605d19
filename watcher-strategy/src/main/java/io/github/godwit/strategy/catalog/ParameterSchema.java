package io.github.godwit.strategy.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.util.Comparator;
import java.util.Map;

/** JSON schemas of strategies' parameters: draft 4, as Watcher's clients expect. */
public final class ParameterSchema {

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);

    private ParameterSchema() {}

    /** A strategy's own properties and those that it shares with others, as one schema. */
    static JsonNode of(JsonNode properties, JsonNode uses, JsonNode common) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            all.set(property.getKey(), property.getValue());
        }
        for (JsonNode name : uses) {
            all.set(name.textValue(), common.required(name.textValue()));
        }
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "http://json-schema.org/draft-04/schema#");
        schema.put("type", "object");
        schema.set("properties", all);
        var required = JsonNodeFactory.instance.arrayNode();
        for (Map.Entry<String, JsonNode> property : all.properties()) {
            if (((ObjectNode) property.getValue()).remove("mandatory") != null) {
                required.add(property.getKey());
            }
        }
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    /**
     * Checks parameters and fills in what is left out.
     *
     * @throws ServiceRefusal when they break the schema; it names each property
     */
    public static ObjectNode complete(StrategyType strategy, JsonNode given) {
        if (given != null && !given.isNull() && !given.isObject()) {
            throw ServiceRefusal.invalid("Invalid parameters for strategy: they must be an object");
        }
        ObjectNode parameters = JsonNodeFactory.instance.objectNode();
        JsonNode properties = strategy.parameters().path("properties");
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            JsonNode value = property.getValue().get("default");
            if (value != null) {
                parameters.set(property.getKey(), value.deepCopy());
            }
        }
        if (given != null && given.isObject()) {
            parameters.setAll((ObjectNode) given.deepCopy());
        }
        check(strategy, strategy.parameters(), parameters);
        return parameters;
    }

    /**
     * Checks some of a strategy's parameters; the rest may come later.
     *
     * @throws ServiceRefusal when they break the schema
     */
    public static void checkSome(StrategyType strategy, ObjectNode some) {
        ObjectNode schema = strategy.parameters().deepCopy();
        schema.remove("required");
        check(strategy, schema, some);
    }

    private static void check(StrategyType strategy, JsonNode schema, ObjectNode parameters) {
        REGISTRY.getSchema(schema).validate(parameters).stream()
                .min(Comparator.comparing(Error::toString))
                .ifPresent(message -> {
                    throw ServiceRefusal.invalid(
                            "Invalid parameters for strategy: %s. %s".formatted(message, known(strategy)));
                });
    }

    private static String known(StrategyType strategy) {
        var names = strategy.parameters().path("properties").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
        return "%s knows %s".formatted(strategy.name(), String.join(", ", names));
    }
}
