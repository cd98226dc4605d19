package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.nova.Nova.Flavor;
import io.github.godwit.nova.NovaHosts.Hypervisor;
import io.github.godwit.nova.Placement.Inventory;
import io.github.godwit.nova.Placement.NamedProvider;
import java.util.Map;
import java.util.Set;
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
        assertThat(nova.hosts().hypervisors())
                .contains(new Hypervisor(
                        COMPUTE1,
                        "compute1",
                        "compute1",
                        "QEMU",
                        10_000_002,
                        new Cpu("x86_64", "AMD", "kvm64-v1", Set.of())))
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
        assertThat(cloud.requests().get(0)).contains(" placement 1.36 ");
    }

    /** A host with two GPUs as Nova's libvirt driver reports them, each a provider below that of the hypervisor. */
    @Test
    void theProvidersOfAHostAreATree() {
        String root = "4e8e5957-649f-477b-9e5b-f1f75b21c03c";
        cloud.with("GET /placement/resource_providers", 200, """
                {"resource_providers": [
                 {"uuid": "%1$s", "name": "h1", "root_provider_uuid": "%1$s", "parent_provider_uuid": null, "generation": 5},
                 {"uuid": "gpu", "name": "h1_pci_0000_84_00_0", "root_provider_uuid": "%1$s", "parent_provider_uuid": "%1$s"}]}""".formatted(root));
        assertThat(placement.providers())
                .containsExactly(
                        new NamedProvider(root, "h1", root), new NamedProvider("gpu", "h1_pci_0000_84_00_0", root));
        assertThat(placement.providers()).extracting(NamedProvider::isRoot).containsExactly(true, false);
    }

    @Test
    void noProviderHasATraitThatPlacementDoesNotKnow() {
        cloud.with("GET /placement/resource_providers?required=HW_CPU_X86_AVX2", 200, """
                {"resource_providers": [{"uuid": "a", "name": "h1", "root_provider_uuid": "a"}]}""");
        cloud.with("GET /placement/resource_providers?required=CUSTOM_TYPO", 400, """
                {"errors": [{"status": 400, "detail": "No such trait(s): CUSTOM_TYPO."}]}""");
        cloud.with("GET /placement/resource_providers?required=CUSTOM_ERROR", 503, "");
        assertThat(placement.providersWith("HW_CPU_X86_AVX2")).containsExactly("a");
        assertThat(placement.providersWith("CUSTOM_TYPO")).isEmpty();
        assertThatThrownBy(() -> placement.providersWith("CUSTOM_ERROR")).isInstanceOf(OpenStackException.class);
    }

    @Test
    void aMissingProviderIsNotFound() {
        assertThat(placement.findProvider(COMPUTE1)).isEmpty();
    }
}
