package io.github.godwit.strategy.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Placement can still give on each host, and what each VM needs there. Nova refuses a live migration to a host where Placement
 * has not enough left, whatever the load there is.
 *
 * @param hosts by host and resource class what is left; a host that is not here has no limit
 * @param needs by VM and resource class what it has been given; a VM that is not here needs nothing
 */
public record PlacementRoom(Map<String, Map<String, Room>> hosts, Map<String, Map<String, Long>> needs) {

    /** No limits. */
    public static final PlacementRoom UNLIMITED = new PlacementRoom(Map.of(), Map.of());

    /**
     * What is left of one resource class on a host.
     *
     * @param free    of all, the oversubscribed part with it; negative where more is given than there is
     * @param largest the most that one VM can be given
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

    /** Why a host cannot be given a VM, without a full stop, or nothing when it can. */
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
                : Optional.of("Placement has too little left on %s: %s".formatted(host, String.join(", ", lacking)));
    }

    private static String lack(String resource, long need, Room room) {
        if (room == null) {
            return "no %s".formatted(resource);
        }
        return "%d %s, and the VM needs %d"
                .formatted(Math.max(0, Math.min(room.free(), room.largest())), resource, need);
    }

    /** After a VM has been given its part on another host. What it leaves counts as taken: the move may fail. */
    PlacementRoom withMove(String vm, String to) {
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
