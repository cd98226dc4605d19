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

/** Finds the next move from a hot host, with the reason for it, or the reason why there is none. */
final class HotHostRelief {

    /** A VM that uses less than this share of the overloaded resource would not cool the host. */
    private static final double WORTH_MOVING = 0.01;

    private final DestinationCheck check;
    private final DestinationPolicy destinations;
    private final Map<String, String> hotAtStart;
    private final Rests rests;

    /**
     * @param check        checks what a destination can take
     * @param destinations the destination policy
     * @param hotAtStart   the evidence for each host that was hot before any move, by name
     * @param rests        what is left alone for a while
     */
    HotHostRelief(DestinationCheck check, DestinationPolicy destinations, Map<String, String> hotAtStart, Rests rests) {
        this.check = check;
        this.destinations = destinations;
        this.hotAtStart = hotAtStart;
        this.rests = rests;
    }

    /**
     * The result of an attempt.
     *
     * @param move     the move, or nothing
     * @param obstacle the reason why there is none, without a full stop
     */
    record Attempt(Optional<Move> move, String obstacle) {}

    private record Candidate(VmStatus vm, SandpiperVolume volume) {}

    /** Looks for the next move from {@code hot}; {@code planned} are the moves that are already planned. */
    Attempt attempt(ClusterModel cluster, ClusterHost hot, List<Move> planned) {
        List<ClusterHost> preferred = destinations.preference(
                cluster.hosts().stream()
                        .filter(host -> !hotAtStart.containsKey(host.name())
                                && !host.name().equals(hot.name()))
                        .toList(),
                planned.size());
        List<ClusterHost> destinationHosts = destinations.open() ? reserveLast(cluster, preferred) : preferred;
        if (destinationHosts.isEmpty()) {
            return new Attempt(Optional.empty(), "the destination policy allows no host that is not hot");
        }
        List<String> rejected = new ArrayList<>();
        for (Candidate candidate : candidates(cluster, hot, planned)) {
            Optional<String> resting = rests.ofVm(candidate.vm().name());
            if (resting.isPresent()) {
                rejected.add("%s %s".formatted(candidate.vm().name(), resting.get()));
                continue;
            }
            List<String> obstacles = new ArrayList<>();
            for (ClusterHost to : destinationHosts) {
                Optional<String> obstacle = check.obstacle(cluster, candidate.vm(), to);
                if (obstacle.isEmpty()) {
                    return new Attempt(Optional.of(move(cluster, hot, candidate, to, rejected)), "");
                }
                obstacles.add(obstacle.get());
            }
            rejected.add("%s cannot be migrated: %s".formatted(candidate.vm().name(), String.join(", ", obstacles)));
        }
        return new Attempt(
                Optional.empty(),
                rejected.isEmpty()
                        ? "no running VM that contributes to its load is left to migrate"
                        : String.join("; ", rejected));
    }

    private List<ClusterHost> reserveLast(ClusterModel cluster, List<ClusterHost> hosts) {
        return hosts.stream()
                .sorted(Comparator.comparing(host -> rests.staysEmpty(cluster, host.name())))
                .toList();
    }

    /** Returns what the VMs do instead of moving that would cool a host but rest, each as a sentence without a full stop. */
    List<String> resting(ClusterModel cluster, ClusterHost hot) {
        return candidates(cluster, hot, List.of()).stream()
                .map(candidate -> candidate.vm().name())
                .flatMap(vm -> rests.ofVm(vm).map(reason -> "%s %s".formatted(vm, reason)).stream())
                .toList();
    }

    /** Returns the VMs that may be migrated and would cool the host, the largest Sandpiper volume first. */
    private List<Candidate> candidates(ClusterModel cluster, ClusterHost hot, List<Move> planned) {
        return cluster.vmsOn(hot.name()).stream()
                .filter(cluster::movable)
                .filter(vm -> planned.stream().noneMatch(move -> move.vm().equals(vm.name())))
                .filter(vm -> contributes(vm, hot))
                .map(vm -> new Candidate(
                        vm, SandpiperVolume.of(vm.vcpuUse(), vm.traffic(), vm.residentMemory(), hot.profile())))
                .sorted(Comparator.comparing(Candidate::volume)
                        .reversed()
                        .thenComparing(candidate -> candidate.vm().name()))
                .toList();
    }

    private boolean contributes(VmStatus vm, ClusterHost hot) {
        LoadSample load = hot.load();
        boolean cpu = check.hot(load) ? check.cpuHot(load) : check.lacksHeadroom(load);
        return (cpu && ClusterModel.cpuShare(vm, hot) >= WORTH_MOVING)
                || (check.memoryHot(load) && ClusterModel.memoryShare(vm, hot) >= WORTH_MOVING);
    }

    private Move move(
            ClusterModel cluster, ClusterHost hot, Candidate candidate, ClusterHost to, List<String> rejected) {
        VmStatus vm = candidate.vm();
        LoadSample after =
                cluster.withMove(vm.name(), to.name()).host(to.name()).load();
        String reason = ("%s is hot (%s); %s has the largest Sandpiper volume%s, %.2f; "
                        + "%s is %s, with a predicted load of %.0f %% CPU and %.0f %% memory.")
                .formatted(
                        hot.name(),
                        hotAtStart.get(hot.name()),
                        vm.name(),
                        rejected.isEmpty() ? " there" : " of the VMs that can be migrated",
                        candidate.volume().value(),
                        to.name(),
                        destinations.describe(),
                        100 * after.cpu(),
                        100 * after.memory());
        String rejections = rejected.isEmpty() ? "" : " " + String.join("; ", rejected) + ".";
        return new Move(vm.name(), hot.name(), to.name(), reason + rejections);
    }
}
