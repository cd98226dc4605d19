package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The monitor of a QEMU of some release, played from the facts about it: it shows them as its schema, and refuses what is not among them.
 * {@code TechniqueProbeIT} compares the schema of the installed QEMU with the facts.
 */
public final class ReleasedQemu implements Monitor {

    private final QemuRelease release;
    private final ObjectMapper json = new ObjectMapper();
    private final MonitorPace pace = new MonitorPace();

    /** A QEMU of a release. */
    public ReleasedQemu(QemuRelease release) {
        this.release = release;
    }

    @Override
    public MonitorPace pace() {
        return pace;
    }

    @Override
    public JsonNode execute(String command, Map<String, ?> arguments, Duration timeout) throws QmpException {
        JsonNode given = json.valueToTree(arguments);
        return switch (command) {
            case "query-version" -> version();
            case "query-qmp-schema" -> schema();
            case "query-migrate-capabilities" -> capabilities();
            case "migrate-set-capabilities" -> setCapabilities(given.path("capabilities"));
            case "migrate-set-parameters" -> setParameters(given);
            default -> throw refusal("The command %s has not been found".formatted(command));
        };
    }

    private static QmpException refusal(String words) {
        return new QmpException(words, /* refused= */ true, null);
    }

    private JsonNode version() {
        return json.createObjectNode()
                .set(
                        "qemu",
                        json.createObjectNode()
                                .put("major", release.version().major())
                                .put("minor", release.version().minor())
                                .put("micro", release.version().micro()));
    }

    private JsonNode capabilities() {
        ArrayNode all = json.createArrayNode();
        release.of("capabilities")
                .forEach(name -> all.addObject().put("capability", name).put("state", false));
        return all;
    }

    private JsonNode setCapabilities(JsonNode wanted) throws QmpException {
        boolean compress = false;
        boolean xbzrle = false;
        for (JsonNode each : wanted) {
            String name = each.path("capability").asText();
            if (!release.has("capabilities:" + name)) {
                throw refusal("Parameter 'capability' does not accept value '%s'".formatted(name));
            }
            compress |= name.equals("compress") && each.path("state").asBoolean();
            xbzrle |= name.equals("xbzrle") && each.path("state").asBoolean();
        }
        // QEMU commit 0e195629 of release 8.2
        if (compress && xbzrle && release.version().atLeast(8, 2)) {
            throw refusal("Compression is not compatible with xbzrle");
        }
        return json.createObjectNode();
    }

    private JsonNode setParameters(JsonNode wanted) throws QmpException {
        for (Map.Entry<String, JsonNode> each : wanted.properties()) {
            if (!release.has("parameters:" + each.getKey())) {
                throw refusal("Parameter '%s' is unexpected".formatted(each.getKey()));
            }
            if (each.getKey().equals("multifd-compression")
                    && !release.has("multifd-compression:" + each.getValue().asText())) {
                throw refusal("Parameter 'multifd-compression' does not accept value '%s'"
                        .formatted(each.getValue().asText()));
            }
        }
        return json.createObjectNode();
    }

    /** With names of types that say nothing, as QEMU's. */
    private JsonNode schema() {
        ArrayNode schema = json.createArrayNode();
        entry(schema, "migrate-set-capabilities", "command")
                .put("arg-type", "1")
                .put("ret-type", "0");
        members(entry(schema, "1", "object"), List.of("capabilities"), "[2]");
        entry(schema, "[2]", "array").put("element-type", "2");
        ObjectNode status = entry(schema, "2", "object");
        members(status, List.of("capability"), "3");
        members(status, List.of("state"), "bool");
        members(entry(schema, "3", "enum"), release.of("capabilities"), null);
        entry(schema, "bool", "builtin").put("json-type", "boolean");
        entry(schema, "migrate-set-parameters", "command").put("arg-type", "4").put("ret-type", "0");
        ObjectNode parameters = entry(schema, "4", "object");
        release.of("parameters")
                .forEach(name -> members(parameters, List.of(name), name.equals("multifd-compression") ? "5" : "int"));
        members(entry(schema, "5", "enum"), release.of("multifd-compression"), null);
        entry(schema, "int", "builtin").put("json-type", "int");
        entry(schema, "0", "object").putArray("members");
        return schema;
    }

    private static ObjectNode entry(ArrayNode schema, String name, String kind) {
        return schema.addObject().put("name", name).put("meta-type", kind);
    }

    private static void members(ObjectNode entry, Collection<String> names, String type) {
        for (String name : names) {
            ObjectNode member = entry.withArray("members").addObject().put("name", name);
            if (type != null) {
                member.put("type", type);
            }
        }
    }
}
