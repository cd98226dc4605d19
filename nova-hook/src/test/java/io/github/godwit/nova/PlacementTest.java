package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.Nova.Flavor;
import io.github.godwit.nova.Nova.Hypervisor;
import io.github.godwit.nova.Placement.Inventory;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tests with recorded answers of Nova and Placement; {@link NovaIT} uses the real services. */
class PlacementTest {

    private static final String COMPUTE1 = "82aeede6-7b45-4870-8c72-ee25228b0d4d";
    private static final String PROVIDER = "GET /placement/resource_providers/" + COMPUTE1;

    private final FakeOpenStack cloud = new FakeOpenStack();
    private final Nova nova = new Nova(cloud.session());
    private final Placement placement = new Placement(cloud.session());

    @AfterEach
    void stop() {
        cloud.close();
    }

    @Test
    void hypervisorsAndFlavorsAreRead() {
        cloud.with("GET /os-hypervisors/detail?limit=500", "hypervisors.json")
                .with("GET /flavors/detail?is_public=none&limit=500", "flavors.json");
        assertThat(nova.hypervisors())
                .contains(new Hypervisor(COMPUTE1, "compute1", "compute1", "QEMU", 10_000_002))
                .hasSize(2);
        assertThat(nova.flavors()).contains(new Flavor("small", 1, 256, 0, 0, 0, Map.of()));
    }

    @Test
    void inventoriesAndAllocationsAreRead() {
        cloud.with(PROVIDER + "/inventories", "inventories.json").with(PROVIDER + "/allocations", "allocations.json");
        Placement.ResourceProvider provider = placement.findProvider(COMPUTE1).orElseThrow();
        assertThat(provider.inventories())
                .containsEntry("VCPU", new Inventory(2, 0, 2, 16))
                .containsEntry("MEMORY_MB", new Inventory(9946, 256, 9946, 4));
        assertThat(provider.inventories().get("MEMORY_MB").capacity()).isEqualTo(38_760);
        assertThat(provider.allocations().values()).isNotEmpty().allMatch(each -> each.get("VCPU") == 1);
        assertThat(cloud.requests().get(0)).contains(" placement 1.0 ");
    }

    @Test
    void aMissingProviderIsNotFound() {
        assertThat(placement.findProvider(COMPUTE1)).isEmpty();
    }
}
