package io.github.godwit.strategy.service;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Debian's Prometheus on a free port of loopback, with its data in a directory. */
final class PrometheusServer implements AutoCloseable {

    private final Daemon daemon;
    private final int port;

    private PrometheusServer(Daemon daemon, int port) {
        this.daemon = daemon;
        this.port = port;
    }

    /** Starts one that has samples of the past. */
    static PrometheusServer of(Path directory, OpenMetrics samples) throws IOException, InterruptedException {
        Path text = Files.writeString(directory.resolve("samples"), samples.text());
        Daemon.run(
                directory.resolve("log"),
                List.of(
                        "promtool",
                        "tsdb",
                        "create-blocks-from",
                        "openmetrics",
                        text.toString(),
                        directory.resolve("data").toString()));
        return start(directory, "scrape_configs: []\n");
    }

    /** Starts one with a configuration. */
    static PrometheusServer start(Path directory, String configuration) throws IOException, InterruptedException {
        Path config = Files.writeString(directory.resolve("prometheus.yml"), configuration);
        int port = Daemon.freePort();
        Daemon daemon = Daemon.start(
                directory.resolve("log"),
                Map.of(),
                List.of(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + port));
        daemon.awaitAnswer(URI.create("http://127.0.0.1:%d/-/ready".formatted(port)));
        return new PrometheusServer(daemon, port);
    }

    /** Returns its base URL. */
    URI url() {
        return URI.create("http://127.0.0.1:%d/".formatted(port));
    }

    @Override
    public void close() {
        daemon.close();
    }
}
