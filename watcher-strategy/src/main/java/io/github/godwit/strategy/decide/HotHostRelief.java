package io.github.godwit.strategy.decide;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.hotspot.LoadSample;
import io.github.godwit.model.hotspot.SandpiperVolume;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the next move away from one hot host, and says why it is this one, or why there is none. */
final class HotHostRelief {

    /** A VM that takes less than this share of what the host is short of would not cool it. */
    private static final double WORTH_MOVING = 0.01;

    private final DestinationCheck check;
    private final DestinationPolicy destinations;
    private final Map<String, String> hotAtStart;

    /**
     * @param check        what a destination can take
     * @param destinations which of them to prefer
     * @param hotAtStart   the evidence against each host that was hot before any move
     */
    HotHostRelief(DestinationCheck check, DestinationPolicy destinations, Map<String, String> hotAtStart) {
        this.check = check;
        this.destinations = destinations;
        this.hotAtStart = hotAtStart;
    }

    /**
     * What came of it.
     *
     * @param move     the move, or nothing
     * @param obstacle why there is none, without a full stop
     */
    record Attempt(Optional<Move> move, String obstacle) {}

    private record Candidate(VmStatus vm, SandpiperVolume volume) {}

    /** Looks for the next move away from {@code hot}; {@code made} are the moves that led to this cluster. */
    Attempt attempt(ClusterModel cluster, ClusterHost hot, List<Move> made) {
        List<ClusterHost> offered = destinations.preference(
                cluster.hosts().stream()
                        .filter(host -> !hotAtStart.containsKey(host.name())
                                && !host.name().equals(hot.name()))
                        .toList(),
                made.size());
        if (offered.isEmpty()) {
            return new Attempt(
                    Optional.empty(), "there is no host to go to that is not hot and that the policy allows");
        }
        List<String> passedOver = new ArrayList<>();
        for (Candidate candidate : candidates(cluster, hot, made)) {
            List<String> obstacles = new ArrayList<>();
            for (ClusterHost to : offered) {
                Optional<String> obstacle = check.obstacle(cluster, candidate.vm(), to);
                if (obstacle.isEmpty()) {
                    return new Attempt(Optional.of(move(cluster, hot, candidate, to, passedOver)), "");
                }
                obstacles.add(obstacle.get());
            }
            passedOver.add("%s cannot go: %s".formatted(candidate.vm().name(), String.join(", ", obstacles)));
        }
        return new Attempt(
                Optional.empty(),
                passedOver.isEmpty()
                        ? "no VM on it that runs and takes part in its load is left to move"
                        : String.join("; ", passedOver));
    }

    /** The VMs that may go and would help, the largest first. */
    private List<Candidate> candidates(ClusterModel cluster, ClusterHost hot, List<Move> made) {
        return cluster.vmsOn(hot.name()).stream()
                .filter(cluster::movable)
                .filter(vm -> made.stream().noneMatch(move -> move.vm().equals(vm.name())))
                .filter(vm -> helps(vm, hot))
                .map(vm -> new Candidate(
                        vm, SandpiperVolume.of(vm.vcpuUse(), vm.traffic(), vm.residentMemory(), hot.profile())))
                .sorted(Comparator.comparing(Candidate::volume)
                        .reversed()
                        .thenComparing(candidate -> candidate.vm().name()))
                .toList();
    }

    private boolean helps(VmStatus vm, ClusterHost hot) {
        LoadSample load = hot.load();
        return (check.cpuHot(load) && ClusterModel.cpuShare(vm, hot) >= WORTH_MOVING)
                || (check.memoryHot(load) && ClusterModel.memoryShare(vm, hot) >= WORTH_MOVING);
    }

    private Move move(
            ClusterModel cluster, ClusterHost hot, Candidate candidate, ClusterHost to, List<String> passedOver) {
        VmStatus vm = candidate.vm();
        LoadSample after =
                cluster.withMove(vm.name(), to.name()).host(to.name()).load();
        String reason =
                "%s is hot (%s); %s has the largest Sandpiper volume%s, %.2f; %s is %s and comes to %.0f %% CPU, %.0f %% memory."
                        .formatted(
                                hot.name(),
                                hotAtStart.get(hot.name()),
                                vm.name(),
                                passedOver.isEmpty() ? " there" : " of those that can go",
                                candidate.volume().value(),
                                to.name(),
                                destinations.describe(),
                                100 * after.cpu(),
                                100 * after.memory());
        String passed = passedOver.isEmpty() ? "" : " " + String.join("; ", passedOver) + ".";
        return new Move(vm.name(), hot.name(), to.name(), reason + passed);
    }
}
