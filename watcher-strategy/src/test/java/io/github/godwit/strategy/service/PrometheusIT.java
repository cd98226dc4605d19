package io.github.godwit.strategy.service;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.load.LoadMetric;
import io.github.godwit.strategy.load.PrometheusLoad;
import io.github.godwit.strategy.load.PrometheusTerms;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Load from Debian's Prometheus, with samples of the metrics of node_exporter and libvirt_exporter. */
class PrometheusIT {

    private static final long MIB = 1 << 20;
    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1 cores=2 memory=8192 cpu=0.1 used=0.1
              vm db memory=2048 resident=1024 cores=0.1
              vm web memory=1024 resident=512 cores=0.2
            host h2 cores=4 memory=8192 cpu=0.3 used=0.4
            """);

    private static int port;
    private static Daemon server;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        Path samples = Files.writeString(directory.resolve("samples"), Samples.openMetrics());
        Path log = directory.resolve("log");
        Path data = directory.resolve("data");
        Daemon.run(
                log,
                List.of("promtool", "tsdb", "create-blocks-from", "openmetrics", samples.toString(), data.toString()));
        Path config = Files.writeString(directory.resolve("prometheus.yml"), "scrape_configs: []\n");
        port = Daemon.freePort();
        server = Daemon.start(
                log,
                Map.of(),
                List.of(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + data,
                        "--web.listen-address=127.0.0.1:" + port));
        server.awaitAnswer(URI.create("http://127.0.0.1:%d/-/ready".formatted(port)));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Samples from ten minutes ago to ten minutes from now. */
    private static final class Samples {
        private static final int STEP_SECONDS = 15;
        private static final Duration SPAN = Duration.ofMinutes(10);

        private final StringBuilder text = new StringBuilder();
        private final long from = Instant.now().minus(SPAN).getEpochSecond();
        private final long to = Instant.now().plus(SPAN).getEpochSecond();

        static String openMetrics() {
            Samples samples = new Samples();
            samples.gauge("node_uname_info", "{instance=\"10.0.0.1:9100\",nodename=\"h1\"}", 1);
            samples.counter(
                    "node_cpu_seconds",
                    "{instance=\"10.0.0.1:9100\",cpu=\"0\",mode=\"idle\"}",
                    0.1,
                    "{instance=\"10.0.0.1:9100\",cpu=\"1\",mode=\"idle\"}",
                    0.3,
                    "{instance=\"10.0.0.1:9100\",cpu=\"1\",mode=\"user\"}",
                    0.7);
            samples.gauge("node_memory_MemAvailable_bytes", "{instance=\"10.0.0.1:9100\"}", 2048 * MIB);
            samples.gauge("node_memory_MemTotal_bytes", "{instance=\"10.0.0.1:9100\"}", 8192 * MIB);
            samples.counter(
                    "node_network_receive_bytes",
                    "{instance=\"10.0.0.1:9100\",device=\"eth0\"}",
                    1e6,
                    "{instance=\"10.0.0.1:9100\",device=\"tap1\"}",
                    9e6);
            samples.counter("node_network_transmit_bytes", "{instance=\"10.0.0.1:9100\",device=\"eth0\"}", 2e6);
            samples.counter("libvirt_domain_info_cpu_time_seconds", "{instance=\"10.0.0.1:9177\",domain=\"db\"}", 1.5);
            samples.gauge(
                    "libvirt_domain_memory_stats_rss_bytes", "{instance=\"10.0.0.1:9177\",domain=\"db\"}", 700 * MIB);
            samples.counter(
                    "libvirt_domain_interface_stats_receive_bytes",
                    "{domain=\"db\",target_device=\"tap1\"}",
                    3e5,
                    "{domain=\"db\",target_device=\"tap2\"}",
                    2e5);
            return samples.text.append("# EOF\n").toString();
        }

        private void gauge(String name, String labels, double value) {
            text.append("# TYPE %s gauge\n".formatted(name));
            for (long at = from; at < to; at += STEP_SECONDS) {
                text.append("%s%s %s %d\n".formatted(name, labels, value, at));
            }
        }

        /** {@code series} alternates between labels and growth per second. */
        private void counter(String name, Object... series) {
            text.append("# TYPE %s counter\n".formatted(name));
            for (int i = 0; i < series.length; i += 2) {
                for (long at = from; at < to; at += STEP_SECONDS) {
                    double value = (Double) series[i + 1] * (at - from);
                    text.append("%s_total%s %s %d\n".formatted(name, series[i], value, at));
                }
            }
        }
    }

    private static PrometheusLoad load(int at, Map<LoadMetric, String> own) {
        Map<LoadMetric, String> queries = Stream.of(LoadMetric.values())
                .collect(toMap(metric -> metric, metric -> own.getOrDefault(metric, metric.defaultQuery())));
        return new PrometheusLoad(
                () -> CLUSTER,
                new PrometheusTerms(
                        URI.create("http://127.0.0.1:%d/".formatted(at)),
                        null,
                        Duration.ofSeconds(10),
                        PrometheusTerms.HOST_LABEL,
                        PrometheusTerms.VM_LABEL,
                        queries));
    }

    @Test
    void hostsAndVmsHaveTheLoadFromPrometheus() throws Exception {
        ClusterModel cluster = load(port, Map.of()).read();
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
    void missingValuesAreThoseOfTheHostDriver() throws Exception {
        ClusterModel cluster = load(port, Map.of()).read();
        assertThat(cluster.host("h2").profile()).isEqualTo(CLUSTER.host("h2").profile());
        assertThat(cluster.vm("web")).isEqualTo(CLUSTER.vm("web"));
    }

    @Test
    void queriesAreConfigurable() throws Exception {
        ClusterModel cluster =
                load(port, Map.of(LoadMetric.HOST_CPU, "0.5 * node_uname_info")).read();
        assertThat(cluster.host("h1").profile().cpuLoad()).isEqualTo(0.5);
    }

    @Test
    void failedQueriesAreRefusedWithTheReason() {
        assertThatThrownBy(
                        () -> load(port, Map.of(LoadMetric.VM_CPU, "sum by (")).read())
                .isInstanceOf(ServiceRefusal.class)
                .hasMessageContaining("does not answer 'sum by (': invalid parameter \"query\"");
        assertThatThrownBy(() -> load(port, Map.of(LoadMetric.VM_CPU, "1")).read())
                .hasMessageContaining("it returned a scalar, not a vector");
        assertThatThrownBy(() -> load(
                                port,
                                Map.of(
                                        LoadMetric.HOST_CPU,
                                        "node_cpu_seconds_total * on (instance) "
                                                + "group_left (nodename) node_uname_info"))
                        .read())
                .hasMessageContaining("two series have nodename=\"h1\"; sum or average by it");
        assertThatThrownBy(() -> load(Daemon.freePort(), Map.of()).read()).hasMessageContaining("does not answer");
    }

    @Test
    void aStartingPrometheusIsReported() {
        try (FakeServer starting = new FakeServer()) {
            starting.otherwise(exchange -> FakeServer.send(exchange, 503, "Service Unavailable\n"));
            assertThatThrownBy(() -> load(starting.url().getPort(), Map.of()).read())
                    .isInstanceOf(ServiceRefusal.class)
                    .hasMessageEndingWith("status 503, and the response is not JSON: Service Unavailable");
        }
    }
}
