package io.github.godwit.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.model.Bandwidth;
import io.github.godwit.model.DirtyCurve;
import io.github.godwit.model.MemorySize;
import io.github.godwit.model.PageContent;
import io.github.godwit.model.Traffic;
import io.github.godwit.model.VmProfile;
import io.github.godwit.model.analytic.AnalyticPredictor;
import io.github.godwit.model.api.Heartbeats;
import io.github.godwit.model.api.HostStatus.ReservationSupport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Two agents on loopback with real QEMU; what needs root (tc) or a guest (profiling) is stood in for. */
public final class TwoAgents implements AutoCloseable {

    private static final ObjectMapper JSON = Json.mapper();

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
                (vm, qmp) -> new VmProfile(
                        vm.definition().name(),
                        vm.definition().memory(),
                        vm.definition().vcpus(),
                        1000,
                        DirtyCurve.idle(),
                        0,
                        PageContent.UNKNOWN,
                        0.1,
                        0,
                        MemorySize.parse("32M"),
                        vm.definition().dirtyRingSize() > 0,
                        Traffic.NONE,
                        VmProfile.DirtySource.DIRTY_BITMAP),
                vm -> new NoHeartbeats(),
                new NoTrafficControl(),
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

    private static final class NoHeartbeats implements HeartbeatSource {
        @Override
        public Heartbeats since(Instant from) {
            return Heartbeats.NONE;
        }

        @Override
        public void close() {}
    }

    private static final class NoTrafficControl implements TrafficControl {
        @Override
        public ReservationSupport support() {
            return new ReservationSupport(false, "this test has no tc");
        }

        @Override
        public Reservation reserve(Flow flow, Bandwidth rate) throws IOException {
            throw new IOException("this test has no tc");
        }

        @Override
        public void close() {}
    }

    static List<String> endOf(String phase) {
        return List.of("COMPLETED", "CANCELLED", "FAILED").contains(phase) ? List.of(phase) : List.of();
    }
}
