package io.github.godwit.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.net.NoTrafficControl;
import io.github.godwit.host.profile.HeartbeatMonitor;
import io.github.godwit.host.profile.MonotonicClock;
import io.github.godwit.host.profile.QemuVmProfiler;
import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.model.Bandwidth;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.analytic.AnalyticPredictor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Two agents on loopback with real QEMU; what needs root (tc) or a guest (profiling) is stood in for. */
public final class TwoAgents implements AutoCloseable {

    private static final ObjectMapper JSON = Json.mapper();
    private static final MonotonicClock CLOCK = new MonotonicClock(Clock.systemUTC());

    private final HttpClient http = HttpClient.newHttpClient();
    private final Optional<Path> tokenFile;
    private final Agent left;
    private final Agent right;

    /** An answer of an agent. */
    public record Answer(int status, JsonNode body) {
        String error() {
            return body.path("error").asText();
        }
    }

    TwoAgents(Path directory, Path images, Optional<Path> tokenFile) throws IOException {
        this.tokenFile = tokenFile;
        left = Agent.start(config("left", "127.0.0.1", directory, images), parts());
        right = Agent.start(config("right", "127.0.0.2", directory, images), parts());
    }

    private AgentConfig config(String name, String address, Path directory, Path images) {
        return new AgentConfig(
                name,
                new InetSocketAddress(address, 0),
                directory.resolve(name),
                images,
                Optional.empty(),
                Bandwidth.parse("1gbit"),
                address,
                tokenFile,
                "qemu-system-x86_64",
                AgentConfig.LoadSource.VMS,
                1,
                MemorySize.parse("4G"));
    }

    private static AgentParts parts() {
        return new AgentParts(
                inventory -> new QemuVmProfiler(
                        Path.of("/proc"),
                        1,
                        CLOCK,
                        vm -> inventory.find(vm.definition().name()).map(HostedVm::heartbeats),
                        vm -> Traffic.NONE),
                HeartbeatMonitor.factory(CLOCK),
                new NoTrafficControl("this test has no tc"),
                () -> Traffic.NONE,
                name -> Traffic.NONE,
                new AnalyticPredictor());
    }

    String leftUrl() {
        return "http://127.0.0.1:" + left.port();
    }

    String rightUrl() {
        return "http://127.0.0.2:" + right.port();
    }

    Answer get(String url) throws IOException, InterruptedException {
        return send("GET", url, null);
    }

    Answer post(String url, String body) throws IOException, InterruptedException {
        return send("POST", url, body);
    }

    Answer send(String method, String url, String body) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(), answer.body().isEmpty() ? JSON.missingNode() : JSON.readTree(answer.body()));
    }

    @Override
    public void close() throws IOException {
        left.close();
        right.close();
    }

    static List<String> endOf(String phase) {
        return List.of("COMPLETED", "CANCELLED", "FAILED").contains(phase) ? List.of(phase) : List.of();
    }
}
