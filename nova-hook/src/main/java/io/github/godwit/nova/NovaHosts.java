package io.github.godwit.nova;

import static io.github.godwit.nova.OpenStackJson.list;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The hosts of {@link Nova}: services, hypervisors and aggregates. Thread-safe. All methods throw {@link OpenStackException} if Nova does
 * not answer or reports an error.
 */
public final class NovaHosts {

    private static final String COMPUTE = "nova-compute";

    private final OpenStackCalls calls;
    private final Supplier<HostNaming> names;

    NovaHosts(OpenStackCalls calls, Supplier<HostNaming> names) {
        this.calls = calls;
        this.names = names;
    }

    /**
     * A nova-compute service.
     *
     * @param id             UUID; empty if its cell does not answer, so that Nova knows its host only
     * @param host           name of its host
     * @param zone           name of its availability zone, or null
     * @param enabled        whether the scheduler may use it
     * @param up             whether its heartbeat is recent
     * @param disabledReason the reason why it is disabled, or null
     */
    public record ComputeService(
            String id, String host, String zone, boolean enabled, boolean up, String disabledReason) {

        /** Returns whether its cell does not answer. Nova then reports it as UNKNOWN, since microversion 2.69. */
        public boolean inDownCell() {
            return id.isEmpty();
        }
    }

    /**
     * A hypervisor.
     *
     * @param id      UUID, also of its resource provider in Placement
     * @param name    hypervisor hostname, also the name of its resource provider
     * @param host    name of the host of its nova-compute
     * @param type    type, such as QEMU or ironic
     * @param version version as the virt driver encodes it, for QEMU 1,000,000 × major + 1,000 × minor + micro
     * @param cpu     its CPU
     */
    public record Hypervisor(String id, String name, String host, String type, long version, Cpu cpu) {

        /** A hypervisor with an unknown CPU. */
        public Hypervisor(String id, String name, String host, String type, long version) {
            this(id, name, host, type, version, Cpu.UNKNOWN);
        }
    }

    /**
     * A host aggregate.
     *
     * @param id       numeric id
     * @param name     name
     * @param zone     availability zone, or null
     * @param hosts    names of its hosts
     * @param metadata metadata
     */
    public record Aggregate(long id, String name, String zone, List<String> hosts, Map<String, String> metadata) {}

    /** Returns all nova-compute services. One may come twice, if its host was in another cell before. */
    public List<ComputeService> services() {
        return computes().stream()
                .map(each -> HostRecords.service(each, names.get()))
                .toList();
    }

    private List<JsonNode> computes() {
        JsonNode services = calls.get("/os-services", Map.of("binary", COMPUTE)).path("services");
        return list(services, each -> each).stream()
                .filter(each -> COMPUTE.equals(each.path("binary").asText(COMPUTE)))
                .toList();
    }

    /** Returns the hypervisor hostnames of each nova-compute, by the name of its host in Nova. */
    public Map<String, Set<String>> hostNames() {
        Map<String, Set<String>> hosts = new HashMap<>();
        for (JsonNode service : computes()) {
            hosts.put(service.path("host").asText(), new HashSet<>());
        }
        for (Hypervisor hypervisor : hypervisors(HostNaming.OWN)) {
            hosts.computeIfPresent(hypervisor.host(), (host, hypervisors) -> {
                hypervisors.add(hypervisor.name());
                return hypervisors;
            });
        }
        return hosts;
    }

    /**
     * Enables or disables a nova-compute service for the scheduler. Servers on the host stay.
     *
     * @param id      UUID of the service
     * @param enabled whether the scheduler may use it
     * @param reason  the reason for disabling it, at most 255 characters, or null; ignored when it is enabled
     */
    public void setEnabled(String id, boolean enabled, String reason) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("status", enabled ? "enabled" : "disabled");
        if (!enabled && reason != null) {
            body.put("disabled_reason", reason);
        }
        calls.put("/os-services/" + id, body);
    }

    /** Returns all hypervisors that have a nova-compute in a cell that answers. A host may have several. */
    public List<Hypervisor> hypervisors() {
        return hypervisors(names.get());
    }

    private List<Hypervisor> hypervisors(HostNaming naming) {
        return calls.pages(
                "/os-hypervisors/detail", "hypervisors", Map.of(), each -> HostRecords.hypervisor(each, naming));
    }

    /** Returns all host aggregates. */
    public List<Aggregate> aggregates() {
        return list(
                calls.get("/os-aggregates", Map.of()).path("aggregates"),
                each -> HostRecords.aggregate(each, names.get()));
    }
}
