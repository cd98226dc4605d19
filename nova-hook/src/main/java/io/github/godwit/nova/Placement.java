package io.github.godwit.nova;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A client of Placement's API with the role admin: inventories, allocations and traits of hosts. Nova accepts a live migration to a given
 * host only if Placement has enough capacity left there, and the traits that the flavor requires. Thread-safe. All methods throw
 * {@link OpenStackException} if Placement does not answer or reports an error.
 */
public final class Placement {

    /** Microversion of Train; parents of providers since 1.14, traits in queries since 1.18. */
    private static final String MICROVERSION = "placement 1.36";

    private static final int BAD_REQUEST = 400;

    private final OpenStackCalls calls;

    /** Creates a client; the user of the session needs the role admin. */
    public Placement(OpenStackSession session) {
        this.calls = OpenStackCalls.placement(session, MICROVERSION);
    }

    /**
     * The inventory of one resource class of a provider, such as VCPU, MEMORY_MB (in MiB) or DISK_GB (in GiB).
     *
     * @param total           total amount
     * @param reserved        amount that is reserved for the host itself
     * @param maxUnit         maximum amount of one allocation
     * @param allocationRatio factor of oversubscription of the amount that is not reserved
     */
    public record Inventory(long total, long reserved, long maxUnit, double allocationRatio) {

        /** Returns the amount that can be allocated in total. */
        public long capacity() {
            return (long) ((total - reserved) * allocationRatio);
        }
    }

    /**
     * A resource provider by name. That of a hypervisor is a root, whose descendants have what belongs to a part of the host, such as
     * GPUs, PCI devices or bandwidth of a NIC.
     *
     * @param id   UUID
     * @param name name, for a root that of the hypervisor
     * @param root UUID of the root of its tree, which is its own one for a root
     */
    public record NamedProvider(String id, String name, String root) {

        /** Returns whether it has no parent. */
        public boolean isRoot() {
            return id.equals(root);
        }
    }

    /**
     * What a resource provider has.
     *
     * @param inventories inventories, by resource class
     * @param allocations allocations, by the UUID of the consumer (a server or a migration) and resource class
     */
    public record ResourceProvider(Map<String, Inventory> inventories, Map<String, Map<String, Long>> allocations) {}

    /** Returns all resource providers, which Placement returns at once. */
    public List<NamedProvider> providers() {
        return providers(Map.of());
    }

    /**
     * Returns the UUIDs of the resource providers that have a trait. No provider has one that Placement does not know.
     *
     * @param trait the trait, such as HW_CPU_X86_AVX2
     */
    public Set<String> providersWith(String trait) {
        try {
            return providers(Map.of("required", trait)).stream()
                    .map(NamedProvider::id)
                    .collect(Collectors.toSet());
        } catch (OpenStackException e) {
            if (e.status() == BAD_REQUEST) {
                return Set.of();
            }
            throw e;
        }
    }

    private List<NamedProvider> providers(Map<String, String> query) {
        return OpenStackJson.list(
                calls.get("/resource_providers", query).path("resource_providers"),
                each -> new NamedProvider(
                        each.path("uuid").asText(),
                        each.path("name").asText(),
                        each.path("root_provider_uuid").asText(each.path("uuid").asText())));
    }

    /**
     * Returns what a resource provider has, if it exists.
     *
     * @param id UUID of the resource provider
     */
    public Optional<ResourceProvider> findProvider(String id) {
        String path = "/resource_providers/" + id;
        return calls.find(path + "/inventories")
                .flatMap(inventories -> calls.find(path + "/allocations")
                        .map(allocations -> new ResourceProvider(
                                OpenStackJson.map(inventories.path("inventories"), Placement::inventory),
                                OpenStackJson.map(
                                        allocations.path("allocations"),
                                        each -> OpenStackJson.map(each.path("resources"), JsonNode::asLong)))));
    }

    private static Inventory inventory(JsonNode each) {
        return new Inventory(
                each.path("total").asLong(),
                each.path("reserved").asLong(),
                each.path("max_unit").asLong(),
                each.path("allocation_ratio").asDouble());
    }
}
