package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.hotspot.LoadSample;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.List;
import java.util.Optional;

/**
 * Checks whether a host can take a VM without becoming hot and without overcommitting its memory. Where Placement counts memory, its
 * allocation ratio decides how much may be assigned; then what the VM really uses must be free.
 */
final class DestinationCheck {

    private static final int MAX_REASONS = 3;

    /** Placement's resource class of memory. */
    private static final String MEMORY = "MEMORY_MB";

    private final HotspotRule rule;
    private final double headroom;
    private final Rests rests;

    DestinationCheck(HotspotRule rule) {
        this(rule, 0, Rests.NONE);
    }

    /**
     * @param rule     thresholds
     * @param headroom share of a host's cores that stays below the threshold
     * @param rests    what is left alone for a while
     */
    DestinationCheck(HotspotRule rule, double headroom, Rests rests) {
        this.rule = rule;
        this.headroom = headroom;
        this.rests = rests;
    }

    /** Returns whether a load exceeds a threshold of the rule. */
    boolean hot(LoadSample load) {
        return cpuHot(load) || memoryHot(load);
    }

    /** Returns whether a load leaves too little below the CPU threshold; so does one that is over it. */
    boolean lacksHeadroom(LoadSample load) {
        return load.cpu() > rule.cpuThreshold() - headroom;
    }

    boolean cpuHot(LoadSample load) {
        return load.cpu() > rule.cpuThreshold();
    }

    boolean memoryHot(LoadSample load) {
        return load.memory() > rule.memoryThreshold();
    }

    /** Returns the reasons why none of the hosts can take a VM, shortened, without a full stop. */
    String obstacles(ClusterModel cluster, VmStatus vm, List<ClusterHost> hosts) {
        if (hosts.isEmpty()) {
            return "there is none that may receive it";
        }
        List<String> reasons = hosts.stream()
                .limit(MAX_REASONS)
                .flatMap(to -> obstacle(cluster, vm, to).stream())
                .toList();
        int more = hosts.size() - MAX_REASONS;
        return String.join("; ", reasons) + (more > 0 ? "; and %d more".formatted(more) : "");
    }

    /** Returns the reason why a host cannot take a VM, without a full stop, or nothing if it can. */
    Optional<String> obstacle(ClusterModel cluster, VmStatus vm, ClusterHost to) {
        if (cluster.rules().closed().contains(to.name())) {
            return Optional.of("%s must not receive VMs".formatted(to.name()));
        }
        Optional<String> resting = rests.obstacle(vm.name(), to.name());
        if (resting.isPresent()) {
            return resting;
        }
        Optional<String> neighbour = cluster.keptApartBy(vm.name(), to.name());
        if (neighbour.isPresent()) {
            return Optional.of("%s has %s, from which the VM must be kept apart".formatted(to.name(), neighbour.get()));
        }
        Optional<String> zone = cluster.rules().zoneObstacle(vm.name(), to.name());
        if (zone.isPresent()) {
            return zone;
        }
        Optional<String> platform = cluster.rules().platformObstacle(vm.host(), to.name());
        if (platform.isPresent()) {
            return platform;
        }
        Optional<String> room = cluster.rules().room().obstacle(vm.name(), to.name());
        if (room.isPresent()) {
            return room;
        }
        MemorySize memory = to.profile().memory();
        boolean overcommits = cluster.rules().room().limits(vm.name(), to.name(), MEMORY);
        long needed = (overcommits ? vm.residentMemory() : ClusterModel.promised(vm)).bytes();
        long unassigned = overcommits
                ? needed
                : memory.bytes() - cluster.promisedMemory(to.name()).bytes();
        long unused = Math.round(memory.bytes() * (1 - to.profile().memoryLoad()));
        long free = Math.max(0, Math.min(unassigned, unused));
        if (needed > free) {
            return Optional.of("%s has %.0f MiB of memory free, but %.0f MiB are needed"
                    .formatted(to.name(), new MemorySize(free).mebibytes(), new MemorySize(needed).mebibytes()));
        }
        double cpu = to.profile().cpuLoad() + ClusterModel.cpuShare(vm, to);
        if (cpu > rule.cpuThreshold()) {
            return Optional.of("%s would become hot (CPU %.0f %%)".formatted(to.name(), 100 * cpu));
        }
        if (cpu > rule.cpuThreshold() - headroom) {
            return Optional.of("%s would be left with less than %.0f %% of its cores below the threshold (CPU %.0f %%)"
                    .formatted(to.name(), 100 * headroom, 100 * cpu));
        }
        double resident = to.profile().memoryLoad() + ClusterModel.memoryShare(vm, to);
        if (resident > rule.memoryThreshold()) {
            return Optional.of("%s would become hot (memory %.0f %%)".formatted(to.name(), 100 * resident));
        }
        return Optional.empty();
    }
}
