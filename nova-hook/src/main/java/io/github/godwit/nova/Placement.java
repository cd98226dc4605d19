package io.github.godwit.nova;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;

/**
 * Placement's API, as an administrator: what there is of each resource class on a host, and who has been given it. Nova gives a
 * live migration that names its destination only what Placement has there. For use by many threads. All methods fail with
 * {@link OpenStackException} where Placement does not answer.
 */
public final class Placement {

    private final OpenStackCalls calls;

    /** Over a session of a user of role admin. */
    public Placement(OpenStackSession session) {
        this.calls = OpenStackCalls.placement(session, "placement 1.0");
    }

    /**
     * What a provider has of one resource class, such as VCPU, MEMORY_MB (in MiB) or DISK_GB (in GiB).
     *
     * @param total           all
     * @param reserved        of that, for the host itself
     * @param maxUnit         the most that one consumer can be given
     * @param allocationRatio how many times over the rest is given away
     */
    public record Inventory(long total, long reserved, long maxUnit, double allocationRatio) {

        /** What can be given away in all. */
        public long capacity() {
            return (long) ((total - reserved) * allocationRatio);
        }
    }

    /**
     * A resource provider: for Nova a hypervisor.
     *
     * @param inventories by resource class
     * @param allocations by consumer (a server, or a migration of one, by UUID) and resource class
     */
    public record ResourceProvider(Map<String, Inventory> inventories, Map<String, Map<String, Long>> allocations) {}

    /**
     * A resource provider, if Placement knows it.
     *
     * @param id UUID
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
