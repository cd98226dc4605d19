package io.github.godwit.nova;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * A client of Placement's API with the role admin: inventories and allocations of hosts. Nova accepts a live migration to a given
 * host only if Placement has enough capacity left there. Thread-safe. All methods throw {@link OpenStackException} if Placement does
 * not answer or reports an error.
 */
public final class Placement {

    private final OpenStackCalls calls;

    /** Creates a client; the user of the session needs the role admin. */
    public Placement(OpenStackSession session) {
        this.calls = OpenStackCalls.placement(session, "placement 1.0");
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
     * A resource provider, which is a hypervisor of Nova.
     *
     * @param inventories inventories, by resource class
     * @param allocations allocations, by the UUID of the consumer (a server or a migration) and resource class
     */
    public record ResourceProvider(Map<String, Inventory> inventories, Map<String, Map<String, Long>> allocations) {}

    /**
     * Returns a resource provider, if it exists.
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
