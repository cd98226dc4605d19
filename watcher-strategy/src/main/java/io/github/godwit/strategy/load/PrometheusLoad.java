package io.github.godwit.strategy.load;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import io.github.godwit.nova.Prometheus;
import io.github.godwit.nova.PrometheusException;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterSource;
import io.github.godwit.strategy.common.ServiceRefusal;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the cluster with the load of hosts and VMs from Prometheus instead of the host drivers. A host driver reports the load of the
 * last second; Prometheus reports it over the range of its queries. Values that Prometheus does not have are those of the host driver.
 */
public final class PrometheusLoad implements ClusterSource {

    private static final Logger LOG = LoggerFactory.getLogger(PrometheusLoad.class);

    private final ClusterSource drivers;
    private final PrometheusTerms terms;
    private final Prometheus prometheus;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    /** Creates a source; {@code drivers} provides the hosts and VMs, {@code terms} the access to Prometheus. */
    public PrometheusLoad(ClusterSource drivers, PrometheusTerms terms) {
        this.drivers = drivers;
        this.terms = terms;
        this.prometheus = new Prometheus(terms.url(), terms.token(), terms.timeout());
    }

    /**
     * {@inheritDoc}
     *
     * @throws ServiceRefusal if Prometheus does not answer, because load over another time range would lead to other decisions
     */
    @Override
    public ClusterModel read() throws InterruptedException {
        ClusterModel cluster = drivers.read();
        Map<LoadMetric, Map<String, Double>> values = new EnumMap<>(LoadMetric.class);
        try {
            for (LoadMetric metric : LoadMetric.values()) {
                String label = metric.ofHost() ? terms.hostLabel() : terms.vmLabel();
                values.put(metric, prometheus.query(terms.queries().get(metric), label));
            }
        } catch (PrometheusException e) {
            LOG.debug("Prometheus does not answer", e);
            throw ServiceRefusal.unavailable(e.getMessage());
        }
        warnAboutUnknown(cluster, values);
        return new ClusterModel(
                cluster.hosts().stream().map(host -> loaded(host, values)).toList(),
                cluster.vms().stream().map(vm -> loaded(vm, values)).toList(),
                cluster.omissions(),
                cluster.rules());
    }

    @Override
    public Duration window() {
        return terms.window();
    }

    /** Logs a warning, once for each host that Prometheus does not know. */
    private void warnAboutUnknown(ClusterModel cluster, Map<LoadMetric, Map<String, Double>> values) {
        Set<String> unknown = new TreeSet<>();
        for (ClusterHost host : cluster.hosts()) {
            if (!values.get(LoadMetric.HOST_CPU).containsKey(host.name()) && warned.add(host.name())) {
                unknown.add(host.name());
            }
        }
        if (!unknown.isEmpty()) {
            LOG.warn(
                    "Prometheus has no CPU load with {}=\"{}\"; using the values of the host drivers.",
                    terms.hostLabel(),
                    String.join("\", \"", unknown));
        }
    }

    private static ClusterHost loaded(ClusterHost host, Map<LoadMetric, Map<String, Double>> values) {
        Traffic reported = host.profile().traffic();
        return host.withLoad(
                value(values, LoadMetric.HOST_CPU, host.name(), host.profile().cpuLoad()),
                value(
                        values,
                        LoadMetric.HOST_MEMORY,
                        host.name(),
                        host.profile().memoryLoad()),
                traffic(values, LoadMetric.HOST_RECEIVE, LoadMetric.HOST_TRANSMIT, host.name(), reported),
                host.profile().busyThreads());
    }

    private static VmStatus loaded(VmStatus vm, Map<LoadMetric, Map<String, Double>> values) {
        double resident = value(
                values, LoadMetric.VM_MEMORY, vm.name(), vm.residentMemory().bytes());
        return vm.withLoad(
                Math.max(0, value(values, LoadMetric.VM_CPU, vm.name(), vm.vcpuUse())),
                new MemorySize(Math.round(Math.max(0, resident))),
                traffic(values, LoadMetric.VM_RECEIVE, LoadMetric.VM_TRANSMIT, vm.name(), vm.traffic()));
    }

    private static Traffic traffic(
            Map<LoadMetric, Map<String, Double>> values, LoadMetric in, LoadMetric out, String name, Traffic reported) {
        return new Traffic(
                bandwidth(value(values, in, name, reported.in().bitsPerSecond())),
                bandwidth(value(values, out, name, reported.out().bitsPerSecond())));
    }

    private static Bandwidth bandwidth(double bits) {
        return new Bandwidth(Math.round(Math.max(0, bits)));
    }

    private static double value(
            Map<LoadMetric, Map<String, Double>> values, LoadMetric metric, String name, double reported) {
        return values.get(metric).getOrDefault(name, reported);
    }
}
