package io.github.godwit.strategy.load;

import java.net.URI;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;

/**
 * How the load is read from Prometheus.
 *
 * @param url       base URL, such as {@code http://monitor:9090}
 * @param token     bearer token, or null
 * @param timeout   timeout of connecting and of each response
 * @param hostLabel label that contains the name of a host
 * @param vmLabel   label that contains the name of a VM
 * @param queries   PromQL query of each metric
 */
public record PrometheusTerms(
        URI url, String token, Duration timeout, String hostLabel, String vmLabel, Map<LoadMetric, String> queries) {

    /** The default label of hosts, as in node_exporter's {@code node_uname_info}. */
    public static final String HOST_LABEL = "nodename";

    /** The default label of VMs, as in libvirt_exporter. */
    public static final String VM_LABEL = "domain";

    /** Copies the queries. */
    public PrometheusTerms {
        queries = Map.copyOf(queries);
    }

    /** Returns the longest range of a query, such as 5 minutes for {@code rate(x[5m])}; zero if none has a range. */
    public Duration window() {
        return queries.values().stream()
                .map(QueryRange::longest)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    @Override
    public String toString() {
        return "load from %s by %s and %s".formatted(url, hostLabel, vmLabel);
    }
}
