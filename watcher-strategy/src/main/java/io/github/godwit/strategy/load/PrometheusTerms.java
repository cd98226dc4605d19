package io.github.godwit.strategy.load;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What is asked of Prometheus, and how its series are assigned to hosts and VMs.
 *
 * @param hostLabels labels that may contain the name of a host, the best first
 * @param vmLabels   labels that may contain the UUID or the domain of a VM, the best first
 * @param hostInfo   query whose series have such labels of hosts; they are added to the series of the same exporter. Empty if none
 * @param vmInfo     the same for VMs
 * @param queries    PromQL query of each metric; a metric without one is that of the host drivers
 */
public record PrometheusTerms(
        List<String> hostLabels,
        List<String> vmLabels,
        String hostInfo,
        String vmInfo,
        Map<LoadMetric, String> queries) {

    /** Labels of hosts: node_exporter's nodename, what operators add (Watcher's fqdn), and the address that is scraped. */
    public static final List<String> HOST_LABELS =
            List.of("nodename", "fqdn", "hostname", "host", "exported_instance", "instance");

    /** Copies the lists and queries. */
    public PrometheusTerms {
        hostLabels = List.copyOf(hostLabels);
        vmLabels = List.copyOf(vmLabels);
        queries = Map.copyOf(queries);
    }

    /** Returns the terms of default queries. */
    public static PrometheusTerms of(DefaultQueries defaults) {
        return new PrometheusTerms(
                HOST_LABELS, defaults.exporter().labels(), defaults.hostInfo(), defaults.vmInfo(), defaults.all());
    }

    /** Returns the same with other queries. */
    public PrometheusTerms with(Map<LoadMetric, String> others) {
        return new PrometheusTerms(hostLabels, vmLabels, hostInfo, vmInfo, others);
    }

    /** Returns the longest range of a query, such as 5 minutes for {@code rate(x[5m])}; zero if none has a range. */
    public Duration window() {
        return queries.values().stream()
                .map(QueryRange::longest)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }
}
