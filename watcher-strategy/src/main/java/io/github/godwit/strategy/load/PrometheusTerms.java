package io.github.godwit.strategy.load;

import java.net.URI;
import java.time.Duration;
import java.util.Map;

/**
 * How load is read from Prometheus.
 *
 * @param url       base, such as {@code http://monitor:9090}
 * @param token     bearer token, or null
 * @param timeout   of connecting and of each answer
 * @param hostLabel label that holds a host's name
 * @param vmLabel   label that holds a VM's name
 * @param queries   PromQL of each metric
 */
public record PrometheusTerms(
        URI url, String token, Duration timeout, String hostLabel, String vmLabel, Map<LoadMetric, String> queries) {

    /** What node_exporter's {@code node_uname_info} has. */
    public static final String HOST_LABEL = "nodename";

    /** What libvirt_exporter has. */
    public static final String VM_LABEL = "domain";

    /** Copies. */
    public PrometheusTerms {
        queries = Map.copyOf(queries);
    }

    @Override
    public String toString() {
        return "load from %s by %s and %s".formatted(url, hostLabel, vmLabel);
    }
}
