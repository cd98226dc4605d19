package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.nova.Prometheus;
import io.github.godwit.nova.PrometheusAccess;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.Omission;
import io.github.godwit.strategy.load.DefaultQueries;
import io.github.godwit.strategy.load.PrometheusLoad;
import io.github.godwit.strategy.load.PrometheusTerms;
import io.github.godwit.strategy.load.VmExporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's Prometheus scrapes an exporter by two jobs, five times a second: what restarts and ends of an exporter do to its figures. */
@Timeout(60)
class ScrapedLoadIT {

    private static final String UUID = "07340a1d-be0c-4394-a3f4-4a49d56a853b";

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1 cores=4 cpu=0.05 used=0.05
              vm %s cores=0.1
            """.formatted(UUID));

    private final FakeServer exporter = new FakeServer();
    private volatile long started = System.nanoTime() - Duration.ofHours(1).toNanos();
    private PrometheusServer prometheus;
    private PrometheusLoad load;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        exporter.when("GET /metrics", this::metrics);
        String target =
                "%s:%d".formatted(exporter.url().getHost(), exporter.url().getPort());
        prometheus = PrometheusServer.start(directory, """
                global: {scrape_interval: 200ms, scrape_timeout: 200ms}
                scrape_configs:
                - {job_name: node, static_configs: [{targets: ['%1$s']}]}
                - {job_name: again, static_configs: [{targets: ['%1$s']}]}
                """.formatted(target));
        load = new PrometheusLoad(
                () -> CLUSTER,
                new Prometheus(PrometheusAccess.open(prometheus.url()), Duration.ofSeconds(10)),
                PrometheusTerms.of(new DefaultQueries(VmExporter.LIBVIRT, "3s", "3s", "")),
                vms -> Map.of(UUID, "instance-000073be"));
    }

    @AfterEach
    void stop() {
        prometheus.close();
        exporter.close();
    }

    private void metrics(HttpExchange exchange) throws IOException {
        double seconds = (System.nanoTime() - started) / 1e9;
        byte[] body = String.format(Locale.ROOT, """
                node_uname_info{nodename="h1"} 1
                node_cpu_seconds_total{cpu="0",mode="idle"} %1$f
                node_cpu_seconds_total{cpu="0",mode="user"} %2$f
                node_memory_MemAvailable_bytes 2e9
                node_memory_MemTotal_bytes 8e9
                node_network_receive_bytes_total{device="eth0"} %3$f
                node_network_transmit_bytes_total{device="eth0"} %3$f
                libvirt_domain_info_cpu_time_seconds_total{domain="instance-000073be"} %4$f
                libvirt_domain_memory_stats_rss_bytes{domain="instance-000073be"} 7e8
                libvirt_domain_interface_stats_receive_bytes_total{domain="instance-000073be",target_device="tap1"} %3$f
                libvirt_domain_interface_stats_transmit_bytes_total{domain="instance-000073be",target_device="tap1"} %3$f
                """, 0.25 * seconds, 0.75 * seconds, 1e6 * seconds, 1.5 * seconds)
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private ClusterModel until(Predicate<ClusterModel> seen) throws InterruptedException {
        ClusterModel cluster = load.read();
        while (!seen.test(cluster)) {
            cluster = load.read();
        }
        return cluster;
    }

    private static boolean loaded(ClusterModel cluster) {
        VmStatus vm = cluster.vm(UUID);
        return Math.abs(cluster.host("h1").profile().cpuLoad() - 0.75) < 0.05
                && Math.abs(vm.vcpuUse() - 1.5) < 0.2
                && Math.abs(vm.traffic().in().bitsPerSecond() - 8e6) < 1e6;
    }

    @Test
    void twoJobsCountOnceRestartsAreNoLoadAndAnExporterThatEndsIsNamed() throws Exception {
        ClusterModel cluster = until(ScrapedLoadIT::loaded);
        assertThat(cluster.omissions()).isEmpty();
        assertThat(cluster.vm(UUID).residentMemory().bytes()).isEqualTo(700_000_000);

        started = System.nanoTime();
        long restarted = started;
        while (System.nanoTime() - restarted < Duration.ofSeconds(4).toNanos()) {
            ClusterModel now = load.read();
            assertThat(now.host("h1").profile().cpuLoad()).isBetween(0.7, 0.8);
            assertThat(now.vm(UUID).vcpuUse()).isBetween(1.0, 1.8);
        }

        exporter.stop();
        ClusterModel ended = until(now -> !now.omissions().isEmpty()
                && now.host("h1").profile().cpuLoad() == 0.05
                && now.vm(UUID).vcpuUse() == 0.1);
        assertThat(ended.omissions())
                .extracting(Omission::what)
                .containsExactly("load of host 'h1'", "load of VM '%s'".formatted(UUID));
    }
}
