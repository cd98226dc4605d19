package io.github.godwit.strategy.cluster;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.hotspot.SampleWindow;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * Consecutive snapshots of a cluster.
 *
 * @param snapshots the snapshots, oldest first, at least one
 */
public record ClusterHistory(List<ClusterModel> snapshots) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the list is empty
     */
    public ClusterHistory {
        snapshots = List.copyOf(snapshots);
        if (snapshots.isEmpty()) {
            throw new IllegalArgumentException("A cluster's history needs at least one snapshot.");
        }
    }

    /** Returns the newest snapshot. */
    public ClusterModel latest() {
        return snapshots.get(snapshots.size() - 1);
    }

    /** Returns the load samples of a host in the newest {@code capacity} snapshots; fewer if the host did not always answer. */
    public SampleWindow window(String host, int capacity) {
        SampleWindow window = SampleWindow.empty(capacity);
        for (ClusterModel snapshot : newest(capacity)) {
            Optional<ClusterHost> seen = snapshot.findHost(host);
            window = seen.isPresent() ? window.with(seen.get().load()) : window;
        }
        return window;
    }

    private List<ClusterModel> newest(int number) {
        return snapshots.subList(Math.max(0, snapshots.size() - number), snapshots.size());
    }

    /**
     * Returns the newest snapshot with each load replaced by the load that was reached in at least {@code hotSamples} of the last
     * {@code samples} snapshots: the k-th largest value, which is the median of the default 3 of 5. By the rule of [FGCS 2025], a
     * host is hot exactly if this load exceeds the threshold. Therefore the same number decides whether a host is hot and predicts
     * its load after moves.
     *
     * <p>A host that answered in fewer than {@code hotSamples} snapshots is left out with its VMs, and named as an omission. A VM that
     * was on its current host in fewer snapshots counts with the largest of its values.
     *
     * @param rule number of samples, and how many of them must be over a threshold
     */
    public ClusterModel sustained(HotspotRule rule) {
        List<ClusterModel> recent = newest(rule.samples());
        List<Omission> omissions = new ArrayList<>(latest().omissions());
        List<ClusterHost> hosts = new ArrayList<>();
        List<VmStatus> vms = new ArrayList<>();
        for (ClusterHost host : latest().hosts()) {
            List<ClusterHost> seen = recent.stream()
                    .flatMap(snapshot -> snapshot.findHost(host.name()).stream())
                    .toList();
            if (seen.size() < rule.hotSamples()) {
                omissions.add(new Omission(
                        "host '%s'".formatted(host.name()),
                        "It answered in %d of %d samples; at least %d are needed to judge it."
                                .formatted(seen.size(), recent.size(), rule.hotSamples())));
                continue;
            }
            hosts.add(host.withLoad(
                    reached(seen, rule, h -> h.profile().cpuLoad()),
                    reached(seen, rule, h -> h.profile().memoryLoad()),
                    new Traffic(
                            rate(seen, rule, h -> h.profile().traffic().in()),
                            rate(seen, rule, h -> h.profile().traffic().out())),
                    host.profile().busyThreads()));
            latest().vmsOn(host.name()).forEach(vm -> vms.add(sustained(vm, recent, rule)));
        }
        return new ClusterModel(hosts, vms, omissions, latest().rules());
    }

    private static VmStatus sustained(VmStatus vm, List<ClusterModel> recent, HotspotRule rule) {
        List<VmStatus> seen = recent.stream()
                .flatMap(snapshot -> snapshot.findVm(vm.name()).stream())
                .filter(then -> then.host().equals(vm.host()))
                .toList();
        return vm.withLoad(
                reached(seen, rule, VmStatus::vcpuUse),
                new MemorySize(
                        (long) reached(seen, rule, v -> v.residentMemory().bytes())),
                new Traffic(
                        rate(seen, rule, v -> v.traffic().in()),
                        rate(seen, rule, v -> v.traffic().out())));
    }

    private static <T> Bandwidth rate(List<T> seen, HotspotRule rule, java.util.function.Function<T, Bandwidth> rate) {
        return new Bandwidth((long) reached(seen, rule, t -> rate.apply(t).bitsPerSecond()));
    }

    private static <T> double reached(List<T> seen, HotspotRule rule, ToDoubleFunction<T> load) {
        List<Double> falling = seen.stream()
                .map(load::applyAsDouble)
                .sorted(Comparator.reverseOrder())
                .toList();
        return falling.get(falling.size() < rule.hotSamples() ? 0 : rule.hotSamples() - 1);
    }
}
