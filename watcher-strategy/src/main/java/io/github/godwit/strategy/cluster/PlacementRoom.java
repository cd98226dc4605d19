package io.github.godwit.strategy.cluster;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The capacity that Placement has left on each host, and the allocation of each VM. Nova refuses a live migration to a host with too
 * little capacity left, or without a trait that the flavor requires, whatever the load of the host.
 *
 * @param hosts  remaining capacity, by host and resource class; a host that is missing is not limited
 * @param needs  allocations, by VM and resource class; a VM that is missing needs nothing
 * @param traits the traits of each host, as far as {@code wishes} name them; a host that is missing is not limited
 * @param wishes what the flavor of a VM says about traits, by VM
 */
public record PlacementRoom(
        Map<String, Map<String, Room>> hosts,
        Map<String, Map<String, Need>> needs,
        Map<String, HostTraits> traits,
        Map<String, TraitWishes> wishes) {

    /** No limits. */
    public static final PlacementRoom UNLIMITED = new PlacementRoom(Map.of(), Map.of());

    /**
     * The remaining capacity of one resource class on a host, which may be spread over several resource providers, such as NICs or GPUs.
     *
     * @param free    what is left including oversubscription; negative if more is allocated than the host has
     * @param largest the most that one allocation can get from one provider
     */
    public record Room(long free, long largest) {

        private Room less(long taken) {
            return new Room(free - taken, largest);
        }

        private boolean takes(Need need) {
            return need.total() <= free && need.largest() <= largest;
        }
    }

    /**
     * What a VM is allocated of one resource class.
     *
     * @param total   in total
     * @param largest the most that it has from one provider, which it needs from one provider elsewhere too
     */
    public record Need(long total, long largest) {

        /** An amount from one provider. */
        public static Need of(long amount) {
            return new Need(amount, amount);
        }

        /** Returns this and an amount from another provider. */
        public Need plus(long amount) {
            return new Need(total + amount, Math.max(largest, amount));
        }
    }

    /**
     * What a flavor says about traits ({@code trait:NAME=required} and {@code trait:NAME=forbidden}).
     *
     * @param required traits that a host has to have
     * @param forbidden traits that a host must not have
     */
    public record TraitWishes(Set<String> required, Set<String> forbidden) {

        /** Copies the sets. */
        public TraitWishes {
            required = Set.copyOf(required);
            forbidden = Set.copyOf(forbidden);
        }
    }

    /**
     * The traits of a host.
     *
     * @param own those of the host itself
     * @param all those of the host and of its parts, such as its NICs
     */
    public record HostTraits(Set<String> own, Set<String> all) {

        /** Copies the sets. */
        public HostTraits {
            own = Set.copyOf(own);
            all = Set.copyOf(all);
        }
    }

    /** Capacities without traits. */
    public PlacementRoom(Map<String, Map<String, Room>> hosts, Map<String, Map<String, Need>> needs) {
        this(hosts, needs, Map.of(), Map.of());
    }

    /** Copies the maps. */
    public PlacementRoom {
        hosts = Map.copyOf(hosts);
        needs = Map.copyOf(needs);
        traits = Map.copyOf(traits);
        wishes = Map.copyOf(wishes);
    }

    /** Returns the reason why Placement rules out a host for a VM, without a full stop, or nothing. */
    public Optional<String> obstacle(String vm, String host) {
        return lacking(vm, host).or(() -> trait(vm, host));
    }

    private Optional<String> lacking(String vm, String host) {
        Map<String, Room> rooms = hosts.get(host);
        if (rooms == null) {
            return Optional.empty();
        }
        List<String> lacking = needs.getOrDefault(vm, Map.of()).entrySet().stream()
                .filter(need -> need.getValue().total() > 0)
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

    private Optional<String> trait(String vm, String host) {
        TraitWishes wish = wishes.get(vm);
        HostTraits has = traits.get(host);
        if (wish == null || has == null) {
            return Optional.empty();
        }
        return wish.required().stream()
                .filter(trait -> !has.all().contains(trait))
                .sorted()
                .findFirst()
                .map(trait -> "%s lacks the trait %s, which the flavor requires".formatted(host, trait))
                .or(() -> wish.forbidden().stream()
                        .filter(has.own()::contains)
                        .sorted()
                        .findFirst()
                        .map(trait -> "%s has the trait %s, which the flavor forbids".formatted(host, trait)));
    }

    /** Returns whether Placement limits how much of a resource a VM takes on a host; then its allocation ratio has been applied. */
    public boolean limits(String vm, String host, String resource) {
        return needs.getOrDefault(vm, Map.of())
                                .getOrDefault(resource, Need.of(0))
                                .total()
                        > 0
                && hosts.getOrDefault(host, Map.of()).containsKey(resource);
    }

    private static String lack(String resource, Need need, Room room) {
        if (room == null) {
            return "no %s".formatted(resource);
        }
        if (need.total() <= room.free()) {
            return "%d %s at one provider, but the VM needs %d"
                    .formatted(Math.max(0, room.largest()), resource, need.largest());
        }
        return "%d %s, but the VM needs %d"
                .formatted(Math.max(0, Math.min(room.free(), room.largest())), resource, need.total());
    }

    /** Returns the capacity after a VM was allocated on another host. Its source is not released, because the move may fail. */
    public PlacementRoom withMove(String vm, String to) {
        Map<String, Room> rooms = hosts.get(to);
        Map<String, Need> taken = needs.getOrDefault(vm, Map.of());
        if (rooms == null || taken.isEmpty()) {
            return this;
        }
        Map<String, Room> left = new HashMap<>();
        rooms.forEach((resource, room) -> left.put(
                resource, room.less(taken.getOrDefault(resource, Need.of(0)).total())));
        Map<String, Map<String, Room>> next = new HashMap<>(hosts);
        next.put(to, Map.copyOf(left));
        return new PlacementRoom(next, needs, traits, wishes);
    }
}
