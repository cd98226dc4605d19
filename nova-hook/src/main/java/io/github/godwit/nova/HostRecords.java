package io.github.godwit.nova;

import static io.github.godwit.nova.OpenStackJson.list;
import static io.github.godwit.nova.OpenStackJson.text;
import static io.github.godwit.nova.OpenStackJson.texts;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.nova.NovaHosts.Aggregate;
import io.github.godwit.nova.NovaHosts.ComputeService;
import io.github.godwit.nova.NovaHosts.Hypervisor;

/** Reads services, hypervisors and aggregates from Nova's answers. */
final class HostRecords {

    private HostRecords() {}

    static ComputeService service(JsonNode each, HostNaming names) {
        return new ComputeService(
                each.path("id").asText(),
                names.ofNova(each.path("host").asText()),
                text(each, "zone"),
                "enabled".equals(each.path("status").asText()),
                "up".equals(each.path("state").asText()),
                text(each, "disabled_reason"));
    }

    static Hypervisor hypervisor(JsonNode each, HostNaming names) {
        return new Hypervisor(
                each.path("id").asText(),
                each.path("hypervisor_hostname").asText(),
                names.ofNova(each.path("service").path("host").asText()),
                each.path("hypervisor_type").asText(),
                each.path("hypervisor_version").asLong(),
                Cpu.of(each.path("cpu_info")));
    }

    static Aggregate aggregate(JsonNode each, HostNaming names) {
        return new Aggregate(
                each.path("id").asLong(),
                each.path("name").asText(),
                text(each, "availability_zone"),
                list(each.path("hosts"), host -> names.ofNova(host.asText())),
                texts(each.path("metadata")));
    }
}
