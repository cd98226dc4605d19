package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.hotspot.LoadSample;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.Optional;

/** Whether a host can take a VM without getting hot itself and without promising memory that it does not have. */
final class DestinationCheck {

    private final HotspotRule rule;

    DestinationCheck(HotspotRule rule) {
        this.rule = rule;
    }

    /** Whether a load is over a threshold of the rule. */
    boolean hot(LoadSample load) {
        return cpuHot(load) || memoryHot(load);
    }

    boolean cpuHot(LoadSample load) {
        return load.cpu() > rule.cpuThreshold();
    }

    boolean memoryHot(LoadSample load) {
        return load.memory() > rule.memoryThreshold();
    }

    /** Why a host cannot take a VM, without a full stop, or nothing when it can. */
    Optional<String> obstacle(ClusterModel cluster, VmStatus vm, ClusterHost to) {
        if (cluster.rules().closed().contains(to.name())) {
            return Optional.of("%s takes no VMs".formatted(to.name()));
        }
        Optional<String> neighbour = cluster.keptApartBy(vm.name(), to.name());
        if (neighbour.isPresent()) {
            return Optional.of("%s has %s, from which it must be kept apart".formatted(to.name(), neighbour.get()));
        }
        Optional<String> room = cluster.rules().room().obstacle(vm.name(), to.name());
        if (room.isPresent()) {
            return room;
        }
        MemorySize memory = to.profile().memory();
        long needed = ClusterModel.promised(vm).bytes();
        long unpromised = memory.bytes() - cluster.promisedMemory(to.name()).bytes();
        long unused = Math.round(memory.bytes() * (1 - to.profile().memoryLoad()));
        long free = Math.max(0, Math.min(unpromised, unused));
        if (needed > free) {
            return Optional.of("%s has %.0f MiB of memory free, not %.0f"
                    .formatted(to.name(), new MemorySize(free).mebibytes(), new MemorySize(needed).mebibytes()));
        }
        double cpu = to.profile().cpuLoad() + ClusterModel.cpuShare(vm, to);
        if (cpu > rule.cpuThreshold()) {
            return Optional.of("%s would get hot itself (CPU %.0f %%)".formatted(to.name(), 100 * cpu));
        }
        double resident = to.profile().memoryLoad() + ClusterModel.memoryShare(vm, to);
        if (resident > rule.memoryThreshold()) {
            return Optional.of("%s would get hot itself (memory %.0f %%)".formatted(to.name(), 100 * resident));
        }
        return Optional.empty();
    }
}
