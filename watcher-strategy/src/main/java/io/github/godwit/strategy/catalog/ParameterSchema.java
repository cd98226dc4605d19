package io.github.godwit.strategy.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.common.TextRule;
import java.util.Comparator;
import java.util.Map;

/** JSON schemas of the parameters of strategies, in draft 4 as Watcher's clients expect. */
public final class ParameterSchema {

    private static final SchemaRegistry REGISTRY = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4);

    private ParameterSchema() {}

    /**
     * Builds the schema of a strategy.
     *
     * @param properties the strategy's own properties
     * @param uses       names of the common properties that the strategy uses
     * @param common     the common properties
     */
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
        TextRule.resolve(schema);
        return schema;
    }

    /**
     * Validates the parameters of a strategy and adds the defaults of missing ones.
     *
     * @param given the parameters, or null
     * @throws ServiceRefusal if they violate the schema; the message lists the parameters that the strategy has
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
     * Validates some of the parameters of a strategy; mandatory parameters may be missing.
     *
     * @throws ServiceRefusal if they violate the schema
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
                            "Invalid parameters for strategy: %s. %s".formatted(message, parametersOf(strategy)));
                });
    }

    private static String parametersOf(StrategyType strategy) {
        var names = strategy.parameters().path("properties").properties().stream()
                .map(Map.Entry::getKey)
                .toList();
        return "The parameters of %s are: %s".formatted(strategy.name(), String.join(", ", names));
    }
}
