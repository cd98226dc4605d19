package io.github.godwit.strategy.load;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.Omission;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Replaces the load that the host drivers report by figures, where there are some. */
final class LoadedCluster {

    private final Map<LoadMetric, Figures> figures;

    LoadedCluster(Map<LoadMetric, Figures> figures) {
        this.figures = figures;
    }

    /** Returns a cluster with the figures, and with more omissions. */
    ClusterModel of(ClusterModel reported, List<Omission> more) {
        return new ClusterModel(
                reported.hosts().stream().map(this::loaded).toList(),
                reported.vms().stream().map(this::loaded).toList(),
                Stream.concat(reported.omissions().stream(), more.stream()).toList(),
                reported.rules());
    }

    private ClusterHost loaded(ClusterHost host) {
        String name = host.name();
        return host.withLoad(
                value(LoadMetric.HOST_CPU, name, host.profile().cpuLoad()),
                value(LoadMetric.HOST_MEMORY, name, host.profile().memoryLoad()),
                traffic(
                        LoadMetric.HOST_RECEIVE,
                        LoadMetric.HOST_TRANSMIT,
                        name,
                        host.profile().traffic()),
                host.profile().busyThreads());
    }

    private VmStatus loaded(VmStatus vm) {
        double resident =
                value(LoadMetric.VM_MEMORY, vm.name(), vm.residentMemory().bytes());
        return vm.withLoad(
                Math.max(0, value(LoadMetric.VM_CPU, vm.name(), vm.vcpuUse())),
                new MemorySize(Math.round(Math.max(0, resident))),
                traffic(LoadMetric.VM_RECEIVE, LoadMetric.VM_TRANSMIT, vm.name(), vm.traffic()));
    }

    private Traffic traffic(LoadMetric in, LoadMetric out, String name, Traffic reported) {
        return new Traffic(
                bandwidth(value(in, name, reported.in().bitsPerSecond())),
                bandwidth(value(out, name, reported.out().bitsPerSecond())));
    }

    private static Bandwidth bandwidth(double bits) {
        return new Bandwidth(Math.round(Math.max(0, bits)));
    }

    private double value(LoadMetric metric, String name, double reported) {
        Figures of = figures.get(metric);
        return of == null ? reported : of.values().getOrDefault(name, reported);
    }
}
