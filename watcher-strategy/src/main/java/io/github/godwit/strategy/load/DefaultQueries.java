package io.github.godwit.strategy.load;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The default queries in PromQL. They keep the labels of the exporter and join nothing: which host or VM a series belongs to is found here,
 * because a join in PromQL fails for all if it is ambiguous for one.
 *
 * <p>{@code rate(x) and x}: rates of an exporter that has stopped answering are not used, for they fall to zero with the range. The share of
 * busy cores is divided by the time of all modes, not by the range, so that samples that are missing do not look like load.
 *
 * @param exporter  where the series of VMs come from
 * @param hostRange range of the rates of hosts, such as {@code 5m}
 * @param vmRange   range of the rates of VMs
 * @param match     matchers for all series, such as {@code cluster="prod"}, or an empty text
 */
public record DefaultQueries(VmExporter exporter, String hostRange, String vmRange, String match) {

    /** The queries without any configuration. */
    public static final DefaultQueries STANDARD =
            new DefaultQueries(VmExporter.LIBVIRT, VmExporter.LIBVIRT.range(), VmExporter.LIBVIRT.range(), "");

    /** Devices that carry what another one sends, are no NICs, or belong to VMs. */
    private static final String NO_NICS = Stream.of(
                    "lo",
                    "(bond|team|vlan|dummy|ifb|tun|wg|gre|sit|ip6|erspan|vxlan|geneve|genev_sys|vti)[^.]*",
                    "(tap|vnet|macvtap|veth|qvo|qvb|qg-|qr-|ha-|sg-|o-hm|cali|cilium|lxc|cni|flannel|nodelocaldns).*",
                    "(br|qbr|virbr|docker|podman|ovs|ovn|int_|phy_).*",
                    ".*[.].*")
            .collect(Collectors.joining("|"));

    private static final String VM_DEVICES =
            "target_device, source_bridge, virtual_interface, virtualportinterfaceid, mac_address, interface_type, model_type";

    private static final String UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    /** Returns the query of each metric; Ceilometer does not know resident memory by default. */
    public Map<LoadMetric, String> all() {
        Map<LoadMetric, String> queries = new EnumMap<>(LoadMetric.class);
        queries.put(
                LoadMetric.HOST_CPU,
                "1 - sum without (cpu, mode) (%s) / sum without (cpu, mode) (%s)"
                        .formatted(
                                rate("node_cpu_seconds_total", hostRange, "mode=~\"idle|iowait\""),
                                rate("node_cpu_seconds_total", hostRange, "")));
        queries.put(LoadMetric.HOST_MEMORY, hostMemory());
        queries.put(LoadMetric.HOST_RECEIVE, nics("receive"));
        queries.put(LoadMetric.HOST_TRANSMIT, nics("transmit"));
        if (exporter == VmExporter.LIBVIRT) {
            queries.put(LoadMetric.VM_CPU, rate("libvirt_domain_info_cpu_time_seconds_total", vmRange, ""));
            queries.put(LoadMetric.VM_MEMORY, resident());
            queries.put(LoadMetric.VM_RECEIVE, vmDevices("receive"));
            queries.put(LoadMetric.VM_TRANSMIT, vmDevices("transmit"));
        } else {
            queries.put(LoadMetric.VM_CPU, "%s / 1e9".formatted(rate("ceilometer_cpu", vmRange, "")));
            queries.put(LoadMetric.VM_RECEIVE, meter("ceilometer_network_incoming_bytes"));
            queries.put(LoadMetric.VM_TRANSMIT, meter("ceilometer_network_outgoing_bytes"));
        }
        return queries;
    }

    /** Returns the metric of node_exporter whose label {@code nodename} is the name of a host. */
    public String hostInfo() {
        return series("node_uname_info", "");
    }

    /** Returns the metrics of the exporters whose labels contain the UUID of a domain; an empty text if there are none. */
    public String vmInfo() {
        return exporter == VmExporter.LIBVIRT
                ? series("", "__name__=~\"libvirt_domain_info_meta|libvirt_domain_openstack_info\"")
                : "";
    }

    /** Free huge pages count as free, as they do for host drivers; {@code or} is for kernels without them. */
    private String hostMemory() {
        String available = series("node_memory_MemAvailable_bytes", "");
        return "1 - ((%s + %s * %s) or %s) / %s"
                .formatted(
                        available,
                        series("node_memory_HugePages_Free", ""),
                        series("node_memory_Hugepagesize_bytes", ""),
                        available,
                        series("node_memory_MemTotal_bytes", ""));
    }

    /** Inovex's and Tinkoff's name; that of zhangjianweibj; that of rumanzo, in KiB. */
    private String resident() {
        return "%s or %s or 1024 * %s"
                .formatted(
                        series("libvirt_domain_memory_stats_rss_bytes", ""),
                        series("libvirt_domain_stat_memory_rss_bytes", ""),
                        series("libvirt_domain_memory_stats_rss", ""));
    }

    private String nics(String direction) {
        return "8 * sum without (device) (%s)"
                .formatted(rate(
                        "node_network_%s_bytes_total".formatted(direction),
                        hostRange,
                        "device!~\"%s\"".formatted(NO_NICS)));
    }

    private String vmDevices(String direction) {
        return "8 * sum without (%s) (%s)"
                .formatted(
                        VM_DEVICES,
                        rate("libvirt_domain_interface_stats_%s_bytes_total".formatted(direction), vmRange, ""));
    }

    /** The resource of a meter of a NIC is {@code instance-00000001-UUID-tapDEVICE}. */
    private String meter(String name) {
        String nics = "label_replace(%s, \"nic\", \"$1\", \"resource\", \"(.*)\")".formatted(rate(name, vmRange, ""));
        return "8 * sum without (nic, resource_name) (label_replace(%s, \"resource\", \"$1\", \"resource\", \".*(%s).*\"))"
                .formatted(nics, UUID);
    }

    private String rate(String name, String range, String matchers) {
        String series = series(name, matchers);
        return "(rate(%s[%s]) and %s)".formatted(series, range, series);
    }

    private String series(String name, String matchers) {
        String all = Stream.of(matchers, match).filter(each -> !each.isEmpty()).collect(Collectors.joining(","));
        return all.isEmpty() ? name : "%s{%s}".formatted(name, all);
    }
}
