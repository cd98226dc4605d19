package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.nova.Prometheus;
import io.github.godwit.nova.PrometheusAccess;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.Omission;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.load.DefaultQueries;
import io.github.godwit.strategy.load.LoadMetric;
import io.github.godwit.strategy.load.PrometheusLoad;
import io.github.godwit.strategy.load.PrometheusTerms;
import io.github.godwit.strategy.load.VmExporter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Load from Debian's Prometheus, with samples of the metrics of node_exporter, exporters of libvirt domains, and Ceilometer. */
class PrometheusIT {

    private static final long MIB = 1 << 20;

    private static final PrometheusTerms STANDARD = PrometheusTerms.of(DefaultQueries.STANDARD);
    private static final PrometheusTerms CEILOMETER =
            PrometheusTerms.of(new DefaultQueries(VmExporter.CEILOMETER, "5m", "10m", ""));

    private static PrometheusServer server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        OpenMetrics samples = new OpenMetrics();
        hosts(samples);
        vms(samples);
        server = PrometheusServer.of(directory, samples);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void hosts(OpenMetrics samples) {
        samples.node("instance=\"10.0.0.1:9100\",job=\"node\"", "h1", 0.8)
                .counter("node_network_receive_bytes", "instance=\"10.0.0.1:9100\",job=\"node\",device=\"tap1\"", 9e6);
        // a pair of Prometheus, and a second job for the same exporter
        samples.node("instance=\"10.0.0.2:9100\",job=\"node\",replica=\"a\"", "pair", 0.5)
                .node("instance=\"10.0.0.2:9100\",job=\"node\",replica=\"b\"", "pair", 0.52)
                .node("instance=\"pair:9100\",job=\"again\",replica=\"a\"", "pair", 0.49);
        // a federation that has replaced the instance
        samples.node("instance=\"prometheus2:9090\",exported_instance=\"fed1:9100\"", "fed1.example.org", 0.1)
                .node("instance=\"prometheus2:9090\",exported_instance=\"fed2:9100\"", "fed2.example.org", 0.9);
        // Watcher's label, and a kernel that does not know the name
        samples.node("instance=\"10.0.0.3:9100\",fqdn=\"named.example.org\"", "localhost", 0.3);
        // two hosts of the same name
        samples.node("instance=\"10.0.0.4:9100\",region=\"one\"", "twin", 0.1)
                .node("instance=\"10.0.0.5:9100\",region=\"two\"", "twin", 0.9);
        // agents that each scrape localhost
        samples.node("instance=\"localhost:9100\",agent=\"a\"", "agent1", 0.2)
                .node("instance=\"localhost:9100\",agent=\"b\"", "agent2", 0.6);
        samples.uname("instance=\"10.0.0.6:9100\"", "odd")
                .gauge("node_memory_MemAvailable_bytes", "instance=\"10.0.0.6:9100\"", Double.NaN)
                .gauge("node_memory_MemTotal_bytes", "instance=\"10.0.0.6:9100\"", 8192 * MIB)
                .counter(
                        "node_network_receive_bytes",
                        "instance=\"10.0.0.6:9100\",device=\"eth0\"",
                        at -> at < 0 ? 1e6 : Double.POSITIVE_INFINITY);
        // an exporter that was away for three minutes: the time of all modes is missing alike
        samples.uname("instance=\"10.0.0.7:9100\"", "gap");
        for (String mode : new String[] {"idle", "user"}) {
            double share = "idle".equals(mode) ? 0.8 : 0.2;
            samples.counter(
                    "node_cpu_seconds",
                    "instance=\"10.0.0.7:9100\",cpu=\"0\",mode=\"%s\"".formatted(mode),
                    at -> at > -240 && at < -60 ? Double.NaN : share * (at + 1000));
        }
        // a bond with its NICs and VLANs, and huge pages
        String big = "instance=\"10.0.0.8:9100\"";
        samples.node(big, "big", 0.1)
                .counter("node_network_receive_bytes", big + ",device=\"eth1\"", 1e6)
                .counter("node_network_receive_bytes", big + ",device=\"bond0\"", 2e6)
                .counter("node_network_receive_bytes", big + ",device=\"bond0.100\"", 1.5e6)
                .counter("node_network_receive_bytes", big + ",device=\"vnet3\"", 1e6)
                .gauge("node_memory_HugePages_Free", big, 2048)
                .gauge("node_memory_Hugepagesize_bytes", big, 2 * MIB);
    }

    /** The labels are those of the exporters' documentation; one second of a counter is worth the number of the VM. */
    private static void vms(OpenMetrics samples) {
        vm(samples, "instance=\"10.0.0.1:9177\",domain=\"db\"", 1.5);
        // inovex, with and without its info metric
        vm(samples, "instance=\"c1:9177\",domain=\"instance-000073be\"", 1);
        vm(samples, "instance=\"c1:9177\",domain=\"instance-00000002\"", 2);
        samples.gauge(
                "libvirt_domain_openstack_info",
                "instance=\"c1:9177\",domain=\"instance-00000002\",instance_name=\"db\",instance_id=\"%s\",project_name=\"p\""
                        .formatted(uuid(2)),
                1);
        // Tinkoff
        vm(samples, "instance=\"c1:9177\",domain=\"instance-00000003\"", 3);
        samples.gauge(
                "libvirt_domain_info_meta",
                "instance=\"c1:9177\",domain=\"instance-00000003\",instance_name=\"db\",uuid=\"%s\",project_uuid=\"p\""
                        .formatted(uuid(3)),
                1);
        // kumina, zhangjianweibj
        vm(samples, "instance=\"c1:9177\",domain=\"instance-00000004\",uuid=\"%s\"".formatted(uuid(4)), 4);
        vm(
                samples,
                "libvirt_domain_stat_memory_rss_bytes",
                "instance=\"c1:9177\",domain=\"instance-00000005\",instanceName=\"db\",instanceId=\"%s\",host=\"c1\""
                        .formatted(uuid(5)),
                5);
        // Ceilometer's own exporter, which calls everything a gauge
        String meter = "publisher=\"ceilometer\",project=\"p\",unit=\"ns\",resource=\"%s\"";
        samples.gauge("ceilometer_cpu", meter.formatted(uuid(6)) + ",type=\"cpu\"", at -> 6e9 * (at + 1000));
        for (String nic : List.of("tapab672ce4-11", "tapa7e2fe95-a7")) {
            String resource = meter.formatted("instance-00000006-%s-%s".formatted(uuid(6), nic));
            samples.gauge(
                    "ceilometer_network_incoming_bytes",
                    "%s,network=\"bytes\",type=\"incoming\",resource_name=\"db:%s\"".formatted(resource, nic),
                    at -> 2.5e5 * (at + 1000));
        }
        // two cells count their servers apart
        vm(samples, "instance=\"c1:9177\",domain=\"instance-00000007\"", 7);
        vm(samples, "instance=\"c2:9177\",domain=\"instance-00000007\"", 8);
        // restarted two minutes ago
        samples.counter(
                "libvirt_domain_info_cpu_time_seconds",
                "instance=\"c1:9177\",domain=\"restarted\"",
                at -> 1.5 * (at < -120 ? at + 5000 : at + 121));
    }

    private static void vm(OpenMetrics samples, String target, double cores) {
        vm(samples, "libvirt_domain_memory_stats_rss_bytes", target, cores);
    }

    private static void vm(OpenMetrics samples, String resident, String target, double cores) {
        samples.counter("libvirt_domain_info_cpu_time_seconds", target, cores)
                .gauge(resident, target, 700 * MIB)
                .counter("libvirt_domain_interface_stats_receive_bytes", target + ",target_device=\"tap1\"", 3e5)
                .counter("libvirt_domain_interface_stats_receive_bytes", target + ",target_device=\"tap2\"", 2e5)
                .counter("libvirt_domain_interface_stats_transmit_bytes", target + ",target_device=\"tap1\"", 1e5);
    }

    private static String uuid(int number) {
        return "07340a1d-be0c-4394-a3f4-%012d".formatted(number);
    }

    private static PrometheusLoad load(
            URI url, ClusterModel cluster, PrometheusTerms terms, Map<String, String> names) {
        Prometheus prometheus = new Prometheus(PrometheusAccess.open(url), Duration.ofSeconds(10));
        return new PrometheusLoad(() -> cluster, prometheus, terms, vms -> names);
    }

    private static ClusterModel read(String cluster) throws InterruptedException {
        return load(server.url(), DrawnCluster.draw(cluster), STANDARD, Map.of())
                .read();
    }

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1 cores=2 memory=8192 cpu=0.1 used=0.1
              vm db memory=2048 resident=1024 cores=0.1
              vm web memory=1024 resident=512 cores=0.2
            host h2 cores=4 memory=8192 cpu=0.3 used=0.4
            """);

    private static PrometheusLoad own(LoadMetric metric, String query) {
        Map<LoadMetric, String> queries = new EnumMap<>(STANDARD.queries());
        queries.put(metric, query);
        return load(server.url(), CLUSTER, STANDARD.with(queries), Map.of());
    }

    @Test
    void hostsAndVmsHaveTheLoadFromPrometheus() throws Exception {
        ClusterModel cluster = load(server.url(), CLUSTER, STANDARD, Map.of()).read();
        HostProfile host = cluster.host("h1").profile();
        assertThat(host.cpuLoad()).isCloseTo(0.8, within(0.01));
        assertThat(host.memoryLoad()).isCloseTo(0.75, within(1e-9));
        assertThat(host.traffic().in().bitsPerSecond()).isCloseTo(8_000_000, within(80_000L));
        assertThat(host.traffic().out().bitsPerSecond()).isCloseTo(16_000_000, within(160_000L));
        VmStatus db = cluster.vm("db");
        assertThat(db.vcpuUse()).isCloseTo(1.5, within(0.02));
        assertThat(db.residentMemory().bytes()).isEqualTo(700 * MIB);
        assertThat(db.traffic().in().bitsPerSecond()).isCloseTo(4_000_000, within(40_000L));
    }

    @Test
    void missingValuesAreThoseOfTheHostDriverAndAreNamed() throws Exception {
        ClusterModel cluster = load(server.url(), CLUSTER, STANDARD, Map.of()).read();
        assertThat(cluster.host("h2").profile()).isEqualTo(CLUSTER.host("h2").profile());
        assertThat(cluster.vm("web")).isEqualTo(CLUSTER.vm("web"));
        assertThat(cluster.omissions())
                .containsExactly(
                        new Omission(
                                "load of host 'h2'",
                                "Prometheus has no host_cpu, host_memory, host_receive, host_transmit."
                                        + " The host driver's figures are used."),
                        new Omission(
                                "load of VM 'web'",
                                "Prometheus has no vm_cpu, vm_memory, vm_receive, vm_transmit."
                                        + " The host driver's figures are used."));
    }

    @Test
    void aHostThatIsReadTwiceCountsOnce() throws Exception {
        ClusterModel cluster = read("host pair");
        HostProfile host = cluster.host("pair").profile();
        assertThat(host.cpuLoad()).isCloseTo(0.52, within(0.01));
        assertThat(host.traffic().in().bitsPerSecond()).isCloseTo(8_000_000, within(80_000L));
        assertThat(cluster.omissions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"fed1, 0.1", "fed2, 0.9", "named, 0.3", "agent1, 0.2", "agent2, 0.6", "gap, 0.2"})
    void aHostIsFoundByWhatPeopleHave(String host, double cpu) throws Exception {
        assertThat(read("host " + host).host(host).profile().cpuLoad()).isCloseTo(cpu, within(0.01));
    }

    @Test
    void oneAmbiguousHostCostsNoOther() throws Exception {
        ClusterModel cluster = read("host h1\nhost twin cpu=0.33 used=0.1\nhost fed1");
        assertThat(cluster.host("h1").profile().cpuLoad()).isCloseTo(0.8, within(0.01));
        assertThat(cluster.host("fed1").profile().cpuLoad()).isCloseTo(0.1, within(0.01));
        assertThat(cluster.host("twin").profile().cpuLoad()).isEqualTo(0.33);
        assertThat(cluster.omissions()).singleElement().satisfies(omission -> {
            assertThat(omission.what()).isEqualTo("load of host 'twin'");
            assertThat(omission.reason())
                    .startsWith("The series of its host_cpu contradict each other: 0.1")
                    .contains("region=\"one\"", "region=\"two\"");
        });
        PrometheusTerms one = PrometheusTerms.of(new DefaultQueries(VmExporter.LIBVIRT, "5m", "5m", "region=\"one\""));
        ClusterModel matched = load(server.url(), DrawnCluster.draw("host twin"), one, Map.of())
                .read();
        assertThat(matched.host("twin").profile().cpuLoad()).isCloseTo(0.1, within(0.01));
    }

    @Test
    void whatIsNoNumberIsNoFigure() throws Exception {
        ClusterModel cluster = read("host odd cpu=0.4 used=0.3\nhost h1");
        assertThat(cluster.host("odd").profile().memoryLoad()).isEqualTo(0.3);
        assertThat(cluster.omissions())
                .singleElement()
                .satisfies(omission -> assertThat(omission.reason())
                        .contains(
                                "Its host_memory is not a finite number.", "Its host_receive is not a finite number."));
    }

    @Test
    void nicsOfABondCountOnceAndFreeHugePagesAreFree() throws Exception {
        HostProfile host = read("host big").host("big").profile();
        assertThat(host.traffic().in().bitsPerSecond()).isCloseTo(16_000_000, within(160_000L));
        assertThat(host.memoryLoad()).isCloseTo(0.25, within(1e-9));
    }

    @ParameterizedTest
    @CsvSource({"1, instance-000073be", "2, ", "3, ", "4, ", "5, "})
    void aServerIsFoundByTheLabelsOfEachExporter(int number, String instanceName) throws Exception {
        String uuid = uuid(number);
        ClusterModel cluster = load(
                        server.url(),
                        DrawnCluster.draw("host c1\nvm %s cores=0.1\nvm db".formatted(uuid)),
                        STANDARD,
                        instanceName == null ? Map.of() : Map.of(uuid, instanceName))
                .read();
        assertThat(cluster.vm(uuid).vcpuUse()).isCloseTo(number, within(0.02 * number));
        assertThat(cluster.vm(uuid).residentMemory().bytes()).isEqualTo(700 * MIB);
        assertThat(cluster.vm(uuid).traffic().in().bitsPerSecond()).isCloseTo(4_000_000, within(40_000L));
        assertThat(cluster.vm("db").vcpuUse()).isCloseTo(1.5, within(0.02));
    }

    @Test
    void aServerIsFoundByTheResourceOfCeilometer() throws Exception {
        ClusterModel cluster = load(
                        server.url(), DrawnCluster.draw("host c1\nvm %s".formatted(uuid(6))), CEILOMETER, Map.of())
                .read();
        assertThat(cluster.vm(uuid(6)).vcpuUse()).isCloseTo(6, within(0.1));
        assertThat(cluster.vm(uuid(6)).traffic().in().bitsPerSecond()).isCloseTo(4_000_000, within(40_000L));
        assertThat(cluster.omissions())
                .anySatisfy(omission -> assertThat(omission.reason())
                        .isEqualTo("Prometheus has no vm_transmit. The host driver's figures are used."));
    }

    @Test
    void serversOfTwoCellsWithTheSameInstanceNameAreToldApartByTheirHosts() throws Exception {
        Map<String, String> names = Map.of(uuid(7), "instance-00000007", uuid(8), "instance-00000007");
        ClusterModel cluster = load(
                        server.url(),
                        DrawnCluster.draw("host c1\nvm %s\nhost c2\nvm %s".formatted(uuid(7), uuid(8))),
                        STANDARD,
                        names)
                .read();
        assertThat(cluster.vm(uuid(7)).vcpuUse()).isCloseTo(7, within(0.1));
        assertThat(cluster.vm(uuid(8)).vcpuUse()).isCloseTo(8, within(0.1));
    }

    @Test
    void aVmThatWasRestartedHasItsRate() throws Exception {
        assertThat(read("host c1\nvm restarted cores=0.1").vm("restarted").vcpuUse())
                .isCloseTo(1.5, within(0.15));
    }

    @Test
    void queriesAreConfigurable() throws Exception {
        ClusterModel cluster = own(LoadMetric.HOST_CPU, "0.5 * node_uname_info").read();
        assertThat(cluster.host("h1").profile().cpuLoad()).isEqualTo(0.5);
    }

    @Test
    void aQueryThatDoesNotSumCostsItsFigureOnly() throws Exception {
        ClusterModel cluster =
                own(LoadMetric.HOST_CPU, "node_cpu_seconds_total").read();
        assertThat(cluster.host("h1").profile().cpuLoad())
                .isEqualTo(CLUSTER.host("h1").profile().cpuLoad());
        assertThat(cluster.host("h1").profile().memoryLoad()).isCloseTo(0.75, within(1e-9));
        assertThat(cluster.omissions()).anySatisfy(omission -> {
            assertThat(omission.what()).isEqualTo("load of host 'h1'");
            assertThat(omission.reason()).startsWith("The series of its host_cpu contradict each other: ");
        });
    }

    @Test
    void failedQueriesAreRefusedWithTheReason() {
        assertThatThrownBy(() -> own(LoadMetric.VM_CPU, "sum by (").read())
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageContaining("does not answer 'sum by (': invalid parameter \"query\"");
        assertThatThrownBy(() -> own(LoadMetric.VM_CPU, "1").read())
                .hasMessageContaining("it returned a scalar, not a vector");
        URI nobody = URI.create("http://127.0.0.1:%d".formatted(Daemon.freePort()));
        assertThatThrownBy(() -> load(nobody, CLUSTER, STANDARD, Map.of()).read())
                .hasMessageContaining("does not answer");
    }

    @Test
    void aStartingPrometheusIsReported() {
        try (FakeServer starting = new FakeServer()) {
            starting.otherwise(exchange -> FakeServer.send(exchange, 503, "Service Unavailable\n"));
            assertThatThrownBy(() ->
                            load(starting.url(), CLUSTER, STANDARD, Map.of()).read())
                    .isInstanceOf(ServiceRefusal.class)
                    .hasMessageEndingWith("status 503, and the response is not JSON: Service Unavailable");
        }
    }
}
