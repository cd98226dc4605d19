package io.github.godwit.strategy.load;

/** What Prometheus is asked for. The default queries are of the metrics of node_exporter and libvirt_exporter. */
public enum LoadMetric {
    /** Share of a host's cores that is used. */
    HOST_CPU(true, named("1 - avg by (instance) (rate(node_cpu_seconds_total{mode=\"idle\"}[5m]))")),
    /** Share of a host's memory that is used. */
    HOST_MEMORY(
            true,
            named("1 - avg by (instance) (node_memory_MemAvailable_bytes)"
                    + " / avg by (instance) (node_memory_MemTotal_bytes)")),
    /** Bits per second that a host receives. */
    HOST_RECEIVE(true, named(nics("receive"))),
    /** Bits per second that a host sends. */
    HOST_TRANSMIT(true, named(nics("transmit"))),
    /** Cores that a VM uses. */
    VM_CPU(false, "sum by (domain) (rate(libvirt_domain_info_cpu_time_seconds_total[5m]))"),
    /** Bytes of a VM's memory on its host. */
    VM_MEMORY(false, "max by (domain) (libvirt_domain_memory_stats_rss_bytes)"),
    /** Bits per second that a VM receives. */
    VM_RECEIVE(false, "8 * sum by (domain) (rate(libvirt_domain_interface_stats_receive_bytes_total[5m]))"),
    /** Bits per second that a VM sends. */
    VM_TRANSMIT(false, "8 * sum by (domain) (rate(libvirt_domain_interface_stats_transmit_bytes_total[5m]))");

    private final boolean ofHost;
    private final String usual;

    LoadMetric(boolean ofHost, String usual) {
        this.ofHost = ofHost;
        this.usual = usual;
    }

    private static String named(String byInstance) {
        return "(%s) * on (instance) group_left (nodename) node_uname_info".formatted(byInstance);
    }

    private static String nics(String direction) {
        return "8 * sum by (instance) (rate(node_network_%s_bytes_total{device!~\"lo|tap.*|veth.*|br.*|qbr.*|ovs.*\"}[5m]))"
                .formatted(direction);
    }

    /** Whether its series are of hosts, else of VMs. */
    boolean ofHost() {
        return ofHost;
    }

    /** The query unless another is configured. */
    public String usual() {
        return usual;
    }
}
