package io.github.godwit.strategy.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The capacity that Placement has left on each host, and the allocation of each VM. Nova refuses a live migration to a host with too
 * little capacity left, whatever the load of the host.
 *
 * @param hosts remaining capacity, by host and resource class; a host that is missing is not limited
 * @param needs allocations, by VM and resource class; a VM that is missing needs nothing
 */
public record PlacementRoom(Map<String, Map<String, Room>> hosts, Map<String, Map<String, Long>> needs) {

    /** No limits. */
    public static final PlacementRoom UNLIMITED = new PlacementRoom(Map.of(), Map.of());

    /**
     * The remaining capacity of one resource class on a host.
     *
     * @param free    what is left including oversubscription; negative if more is allocated than the host has
     * @param largest the most that one VM can be allocated (Placement's {@code max_unit})
     */
    public record Room(long free, long largest) {

        private Room less(long taken) {
            return new Room(free - taken, largest);
        }

        private boolean takes(long amount) {
            return amount <= free && amount <= largest;
        }
    }

    /** Copies the maps. */
    public PlacementRoom {
        hosts = Map.copyOf(hosts);
        needs = Map.copyOf(needs);
    }

    /** Returns the reason why a host lacks capacity for a VM, without a full stop, or nothing if it has enough. */
    public Optional<String> obstacle(String vm, String host) {
        Map<String, Room> rooms = hosts.get(host);
        if (rooms == null) {
            return Optional.empty();
        }
        List<String> lacking = needs.getOrDefault(vm, Map.of()).entrySet().stream()
                .filter(need -> need.getValue() > 0)
                .filter(need ->
                        !rooms.getOrDefault(need.getKey(), new Room(0, 0)).takes(need.getValue()))
                .map(need -> lack(need.getKey(), need.getValue(), rooms.get(need.getKey())))
                .sorted()
                .toList();
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Placement has too little capacity left on %s: %s".formatted(host, String.join(", ", lacking)));
    }

    /** Returns whether Placement limits how much of a resource a VM takes on a host; then its allocation ratio has been applied. */
    public boolean limits(String vm, String host, String resource) {
        return needs.getOrDefault(vm, Map.of()).getOrDefault(resource, 0L) > 0
                && hosts.getOrDefault(host, Map.of()).containsKey(resource);
    }

    private static String lack(String resource, long need, Room room) {
        if (room == null) {
            return "no %s".formatted(resource);
        }
        return "%d %s, but the VM needs %d"
                .formatted(Math.max(0, Math.min(room.free(), room.largest())), resource, need);
    }

    /** Returns the capacity after a VM was allocated on another host. Its source is not released, because the move may fail. */
    public PlacementRoom withMove(String vm, String to) {
        Map<String, Room> rooms = hosts.get(to);
        Map<String, Long> taken = needs.getOrDefault(vm, Map.of());
        if (rooms == null || taken.isEmpty()) {
            return this;
        }
        Map<String, Room> left = new HashMap<>();
        rooms.forEach((resource, room) -> left.put(resource, room.less(taken.getOrDefault(resource, 0L))));
        Map<String, Map<String, Room>> next = new HashMap<>(hosts);
        next.put(to, Map.copyOf(left));
        return new PlacementRoom(next, needs);
    }
}
