package io.github.godwit.nova;

import static io.github.godwit.nova.OpenStackJson.text;
import static io.github.godwit.nova.OpenStackJson.texts;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.nova.Nova.Flavor;
import io.github.godwit.nova.Nova.Server;
import io.github.godwit.nova.Nova.Zone;
import java.util.ArrayList;
import java.util.List;

/** Reads servers and flavors from Nova's answers. */
final class ServerRecords {

    private static final String HOST = "OS-EXT-SRV-ATTR:host";

    private ServerRecords() {}

    static Server server(JsonNode each, HostNaming names) {
        String host = text(each, HOST);
        return new Server(
                each.path("id").asText(),
                each.path("name").asText(),
                each.path("OS-EXT-SRV-ATTR:instance_name").asText(),
                host == null ? null : names.ofNova(host),
                each.path("tenant_id").asText(),
                each.path("status").asText(),
                text(each, "OS-EXT-STS:task_state"),
                each.path("locked").asBoolean(),
                texts(each.path("metadata")),
                flavor(each.path("flavor"), "original_name"),
                new Zone(
                        text(each, "OS-EXT-AZ:availability_zone"),
                        text(each, "pinned_availability_zone"),
                        each.has("pinned_availability_zone")),
                !each.path("image").isObject(),
                text(each, "OS-EXT-SRV-ATTR:hypervisor_hostname"),
                missing(each));
    }

    /**
     * Returns whether this is what Nova returns about a server whose cell does not answer, since microversion 2.69. A server whose own
     * state Nova does not know has a complete record.
     */
    static boolean inDownCell(JsonNode server) {
        return "UNKNOWN".equals(server.path("status").asText()) && !server.has(HOST);
    }

    /** What rules depend on, and Nova does not report: to users without the role admin, or of a server in a cell that does not answer. */
    private static List<String> missing(JsonNode server) {
        List<String> missing = new ArrayList<>();
        if (!server.has(HOST)) {
            missing.add(HOST);
        }
        if (!server.path("flavor").has("vcpus")) {
            missing.add("flavor");
        } else if (!server.path("flavor").has("extra_specs")) {
            missing.add("flavor.extra_specs");
        }
        return missing;
    }

    static Flavor flavor(JsonNode each, String name) {
        return new Flavor(
                each.path(name).asText(),
                each.path("vcpus").asInt(),
                each.path("ram").asLong(),
                each.path("disk").asLong(),
                each.path("ephemeral")
                        .asLong(each.path("OS-FLV-EXT-DATA:ephemeral").asLong()),
                each.path("swap").asLong(),
                texts(each.path("extra_specs")));
    }
}
