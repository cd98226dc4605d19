package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.godwit.model.technique.QemuSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one QEMU can be told about a migration, by its own schema ({@code query-qmp-schema}): it shows build options such as zstd, and what a
 * vendor has added or removed, which the version does not.
 *
 * @param capabilities names of the migration capabilities
 * @param parameters   names of the migration parameters, each with its values if these are names, otherwise with an empty set
 */
public record MigrationSchema(Set<String> capabilities, Map<String, Set<String>> parameters) {

    /** Copies both. */
    public MigrationSchema {
        capabilities = Set.copyOf(capabilities);
        parameters = Map.copyOf(parameters);
    }

    /**
     * Asks a QEMU for its schema, some 250 kB.
     *
     * @throws QmpException if it does not answer, or its schema has no migration capabilities
     */
    public static MigrationSchema read(Monitor qmp) throws QmpException {
        Types types = new Types(qmp.execute("query-qmp-schema"));
        JsonNode status = types.arguments("migrate-set-capabilities").getOrDefault("capabilities", Types.NOTHING);
        Set<String> capabilities =
                types.values(types.members(types.elementOf(status)).getOrDefault("capability", Types.NOTHING));
        if (capabilities.isEmpty()) {
            throw new QmpException("QEMU's schema shows no migration capabilities.", /* refused= */ true, null);
        }
        Map<String, Set<String>> parameters = new LinkedHashMap<>();
        types.arguments("migrate-set-parameters").forEach((name, type) -> parameters.put(name, types.values(type)));
        return new MigrationSchema(capabilities, parameters);
    }

    /** What of some settings this QEMU does not know, as the rest of a sentence that begins with "it", or nothing if it knows all. */
    public Optional<String> lacks(QemuSettings settings) {
        List<String> missing = new ArrayList<>();
        settings.capabilities().stream()
                .filter(name -> !capabilities.contains(name))
                .forEach(name -> missing.add("the migration capability " + name));
        settings.parameters().forEach((name, value) -> {
            if (!parameters.containsKey(name)) {
                missing.add("the migration parameter " + name);
            } else if (!parameters.get(name).isEmpty() && !parameters.get(name).contains(value.toString())) {
                missing.add("%s %s".formatted(name, value));
            }
        });
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of("needs %s, which this QEMU does not have".formatted(String.join(" and ", missing)));
    }

    /** The entries of a schema by their names, which QEMU makes up for all but commands and events. */
    private static final class Types {

        private static final JsonNode NOTHING = MissingNode.getInstance();

        private final Map<String, JsonNode> byName = new HashMap<>();

        Types(JsonNode schema) {
            schema.forEach(entry -> byName.put(entry.path("name").asText(), entry));
        }

        private JsonNode named(JsonNode name) {
            return byName.getOrDefault(name.asText(), NOTHING);
        }

        /** The arguments of a command, each with its type. */
        Map<String, JsonNode> arguments(String command) {
            return members(named(byName.getOrDefault(command, NOTHING).path("arg-type")));
        }

        /** The members of an object, each with its type. */
        Map<String, JsonNode> members(JsonNode object) {
            Map<String, JsonNode> members = new LinkedHashMap<>();
            object.path("members")
                    .forEach(member -> members.put(member.path("name").asText(), named(member.path("type"))));
            return members;
        }

        JsonNode elementOf(JsonNode array) {
            return named(array.path("element-type"));
        }

        /** The values of an enumeration; empty for any other type. */
        Set<String> values(JsonNode type) {
            Set<String> values = new LinkedHashSet<>();
            if (type.path("meta-type").asText().equals("enum")) {
                type.path("members")
                        .forEach(value -> values.add(value.path("name").asText()));
            }
            return values;
        }
    }
}
