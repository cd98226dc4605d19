package io.github.godwit.strategy.load;

/** The load metrics that are read from Prometheus. The default queries use the metrics of node_exporter and libvirt_exporter. */
public enum LoadMetric {
    /** Share of a host's cores in use, 0 to 1. */
    HOST_CPU(true, named("1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m]))")),
    /** Share of a host's memory in use, 0 to 1. */
    HOST_MEMORY(
            true,
            named("1 - avg by (instance) (node_memory_MemAvailable_bytes)"
                    + " / avg by (instance) (node_memory_MemTotal_bytes)")),
    /** Bits per second that a host receives. */
    HOST_RECEIVE(true, named(nics("receive"))),
    /** Bits per second that a host sends. */
    HOST_TRANSMIT(true, named(nics("transmit"))),
    /** Number of cores that a VM uses. */
    VM_CPU(false, "sum by (domain) (rate(libvirt_domain_info_cpu_time_seconds_total[5m]))"),
    /** Resident memory of a VM on its host, in bytes. */
    VM_MEMORY(false, "max by (domain) (libvirt_domain_memory_stats_rss_bytes)"),
    /** Bits per second that a VM receives. */
    VM_RECEIVE(false, "8 * sum by (domain) (rate(libvirt_domain_interface_stats_receive_bytes_total[5m]))"),
    /** Bits per second that a VM sends. */
    VM_TRANSMIT(false, "8 * sum by (domain) (rate(libvirt_domain_interface_stats_transmit_bytes_total[5m]))");

    private final boolean ofHost;
    private final String defaultQuery;

    LoadMetric(boolean ofHost, String defaultQuery) {
        this.ofHost = ofHost;
        this.defaultQuery = defaultQuery;
    }

    private static String named(String byInstance) {
        return "(%s) * on (instance) group_left (nodename) node_uname_info".formatted(byInstance);
    }

    private static String nics(String direction) {
        return "8 * sum by (instance) (rate(node_network_%s_bytes_total{device!~\"lo|tap.*|veth.*|br.*|qbr.*|ovs.*\"}[5m]))"
                .formatted(direction);
    }

    /** Returns whether the series are of hosts; otherwise they are of VMs. */
    boolean ofHost() {
        return ofHost;
    }

    /** Returns the default PromQL query. */
    public String defaultQuery() {
        return defaultQuery;
    }
}
