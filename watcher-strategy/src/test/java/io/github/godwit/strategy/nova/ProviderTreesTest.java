package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.Placement.Inventory;
import io.github.godwit.nova.Placement.NamedProvider;
import io.github.godwit.nova.Placement.ResourceProvider;
import io.github.godwit.strategy.cluster.NovaFacts;
import io.github.godwit.strategy.cluster.PlacementRoom;
import io.github.godwit.strategy.cluster.PlacementRoom.Need;
import io.github.godwit.strategy.cluster.PlacementRoom.Room;
import io.github.godwit.strategy.cluster.PlacementRoom.TraitWishes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hosts whose resource providers have descendants: two NICs with bandwidth on h1, one on h2. */
class ProviderTreesTest {

    private static final String BANDWIDTH = "NET_BW_EGR_KILOBIT_PER_SEC";

    private final Map<NamedProvider, ResourceProvider> parts = new LinkedHashMap<>();

    private static Inventory inventory(long total) {
        return new Inventory(total, 0, total, 1);
    }

    private void part(String id, String root, Map<String, Inventory> inventories, Map<String, Map<String, Long>> used) {
        parts.put(new NamedProvider(id, "name-of-" + id, root), new ResourceProvider(inventories, used));
    }

    private ProviderTrees trees(Map<String, Set<String>> traits) {
        part("u1", "u1", Map.of("VCPU", inventory(8)), Map.of("a", Map.of("VCPU", 2L), "b", Map.of("VCPU", 1L)));
        part("nic1", "u1", Map.of(BANDWIDTH, inventory(1000)), Map.of("a", Map.of(BANDWIDTH, 600L)));
        part(
                "nic2",
                "u1",
                Map.of(BANDWIDTH, inventory(1000)),
                Map.of("a", Map.of(BANDWIDTH, 300L), "b", Map.of(BANDWIDTH, 500L)));
        part("u2", "u2", Map.of("VCPU", inventory(8)), Map.of());
        part("nic3", "u2", Map.of(BANDWIDTH, inventory(1000)), Map.of());
        return ProviderTrees.of(List.copyOf(parts.keySet()), parts, traits);
    }

    private PlacementRoom room(Map<String, Set<String>> traits, Map<String, TraitWishes> wishes) {
        return trees(traits).room(Map.of("h1", "u1", "h2", "u2"), wishes);
    }

    @Test
    void whatPartsOfAHostHaveIsPartOfIt() {
        PlacementRoom room = room(Map.of(), Map.of());
        assertThat(room.hosts().get("h1")).isEqualTo(Map.of("VCPU", new Room(5, 8), BANDWIDTH, new Room(600, 400)));
        assertThat(room.needs().get("a")).isEqualTo(Map.of("VCPU", Need.of(2), BANDWIDTH, new Need(900, 600)));
        assertThat(room.obstacle("a", "h2")).isEmpty();
    }

    @Test
    void whatAServerHasFromOnePartItNeedsFromOnePart() {
        // h1 has 400 and 200 left
        PlacementRoom room = new PlacementRoom(
                room(Map.of(), Map.of()).hosts(),
                Map.of(
                        "split", Map.of(BANDWIDTH, new Need(600, 400)),
                        "whole", Map.of(BANDWIDTH, new Need(500, 500)),
                        "more", Map.of(BANDWIDTH, new Need(700, 400))));
        assertThat(room.obstacle("split", "h1")).isEmpty();
        assertThat(room.obstacle("whole", "h1"))
                .contains("Placement has too little capacity left on h1: 400 %s at one provider, but the VM needs 500"
                        .formatted(BANDWIDTH));
        assertThat(room.obstacle("more", "h1")).isPresent();
    }

    @Test
    void flavorsChooseHostsByTraits() {
        PlacementRoom room = room(
                Map.of(
                        "HW_CPU_X86_AVX2",
                        Set.of("u1"),
                        "CUSTOM_FAST_NIC",
                        Set.of("nic3"),
                        "CUSTOM_OLD",
                        Set.of("u2", "nic1")),
                Map.of(
                        "avx", new TraitWishes(Set.of("HW_CPU_X86_AVX2"), Set.of()),
                        "fast", new TraitWishes(Set.of("CUSTOM_FAST_NIC"), Set.of()),
                        "new", new TraitWishes(Set.of(), Set.of("CUSTOM_OLD"))));
        assertThat(room.obstacle("avx", "h1")).isEmpty();
        assertThat(room.obstacle("avx", "h2"))
                .contains("h2 lacks the trait HW_CPU_X86_AVX2, which the flavor requires");
        assertThat(room.obstacle("fast", "h2")).as("a NIC has it").isEmpty();
        assertThat(room.obstacle("fast", "h1")).isPresent();
        assertThat(room.obstacle("new", "h1")).as("only a NIC has it").isEmpty();
        assertThat(room.obstacle("new", "h2")).contains("h2 has the trait CUSTOM_OLD, which the flavor forbids");
        assertThat(room.obstacle("avx", "elsewhere")).isEmpty();
    }

    @Test
    void inventoriesOfSeveralPartsAddUp() {
        part("u9", "u9", Map.of("DISK_GB", new Inventory(100, 20, 100, 1)), Map.of());
        part(
                "numa0",
                "u9",
                Map.of("VCPU", new Inventory(4, 0, 4, 2), "DISK_GB", new Inventory(50, 10, 50, 2)),
                Map.of());
        part("numa1", "u9", Map.of("VCPU", new Inventory(4, 2, 4, 2)), Map.of());
        assertThat(ProviderTrees.of(List.copyOf(parts.keySet()), parts, Map.of())
                        .trees()
                        .get("u9")
                        .inventories())
                .isEqualTo(Map.of(
                        "VCPU",
                        new NovaFacts.Inventory(8, 2, 2),
                        "DISK_GB",
                        // 80 and twice 40 of 120
                        new NovaFacts.Inventory(150, 30, 160.0 / 120)));
    }

    @Test
    void aServerThatIsAllocatedOnTwoHostsIsFoundAndNeedsTheLargerAllocation() {
        part("x", "x", Map.of("VCPU", inventory(8)), Map.of("a", Map.of("VCPU", 4L), "c", Map.of("VCPU", 1L)));
        ProviderTrees trees = trees(Map.of());
        Map<String, String> hypervisors = Map.of("h1", "u1", "h2", "u2", "h3", "x");
        assertThat(trees.spread(hypervisors)).isEqualTo(Map.of("a", Set.of("h1", "h3")));
        assertThat(trees.room(hypervisors, Map.of()).needs().get("a").get("VCPU"))
                .isEqualTo(Need.of(4));
    }
}
