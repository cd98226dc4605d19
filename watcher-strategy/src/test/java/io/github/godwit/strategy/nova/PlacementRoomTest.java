package io.github.godwit.strategy.nova;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.Placement.Inventory;
import io.github.godwit.nova.Placement.ResourceProvider;
import io.github.godwit.strategy.cluster.PlacementRoom;
import io.github.godwit.strategy.cluster.PlacementRoom.HostTraits;
import io.github.godwit.strategy.cluster.PlacementRoom.Need;
import io.github.godwit.strategy.cluster.PlacementRoom.Room;
import io.github.godwit.strategy.nova.ProviderTrees.Tree;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementRoomTest {

    private static final ResourceProvider H1 = new ResourceProvider(
            Map.of("VCPU", new Inventory(4, 1, 3, 2.0), "MEMORY_MB", new Inventory(8192, 512, 8192, 1.0)),
            Map.of(
                    "a", Map.of("VCPU", 2L, "MEMORY_MB", 1024L),
                    "migration-of-b", Map.of("VCPU", 1L, "MEMORY_MB", 512L)));
    private static final ResourceProvider H2 = new ResourceProvider(
            Map.of("VCPU", new Inventory(8, 0, 8, 1.0), "MEMORY_MB", new Inventory(4096, 512, 4096, 1.0)),
            Map.of(
                    "big", Map.of("VCPU", 4L, "MEMORY_MB", 1024L),
                    "disk", Map.of("VCPU", 1L, "MEMORY_MB", 64L, "DISK_GB", 10L)));

    private final PlacementRoom room = new ProviderTrees(Map.of("u1", tree(H1), "u2", tree(H2)), Map.of())
            .room(Map.of("h1", "u1", "h2", "u2"), Map.of());

    private static Tree tree(ResourceProvider provider) {
        return new Tree(List.of(provider), new HostTraits(Set.of(), Set.of()));
    }

    @Test
    void remainingCapacityIncludesOversubscriptionButNotReservedOrAllocated() {
        assertThat(room.hosts().get("h1")).isEqualTo(Map.of("VCPU", new Room(3, 3), "MEMORY_MB", new Room(6144, 8192)));
        assertThat(room.needs().get("a")).isEqualTo(Map.of("VCPU", Need.of(2), "MEMORY_MB", Need.of(1024)));
    }

    @Test
    void aHostTakesNoMoreThanItsRemainingCapacityAndMaxUnit() {
        assertThat(room.obstacle("a", "h2")).isEmpty();
        assertThat(room.obstacle("big", "h1"))
                .contains("Placement has too little capacity left on h1: 3 VCPU, but the VM needs 4");
        assertThat(room.obstacle("disk", "h1")).contains("Placement has too little capacity left on h1: no DISK_GB");
    }

    @Test
    void hostsAndVmsThatPlacementDoesNotKnowAreNotLimited() {
        assertThat(room.obstacle("big", "elsewhere")).isEmpty();
        assertThat(room.obstacle("unknown", "h1")).isEmpty();
    }

    @Test
    void aMoveAllocatesOnTheDestinationAndReleasesNothing() {
        PlacementRoom after = room.withMove("a", "h2");
        assertThat(after.hosts().get("h2"))
                .isEqualTo(Map.of("VCPU", new Room(1, 8), "MEMORY_MB", new Room(1472, 4096)));
        assertThat(after.hosts().get("h1")).isEqualTo(room.hosts().get("h1"));
        assertThat(after.obstacle("a", "h2"))
                .contains("Placement has too little capacity left on h2: 1 VCPU, but the VM needs 2");
    }
}
