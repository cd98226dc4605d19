package io.github.godwit.host;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.ListenAddress;
import io.github.godwit.common.PrivateFile;
import io.github.godwit.host.access.AccessFiles;
import io.github.godwit.host.driver.HostDriver;
import io.github.godwit.host.driver.HostDriverConfig;
import io.github.godwit.host.driver.HostDriverParts;
import io.github.godwit.host.load.NetworkLoad;
import io.github.godwit.host.migrate.recover.RecoveryTerms;
import io.github.godwit.host.net.NoTrafficControl;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.profile.HeartbeatMonitor;
import io.github.godwit.host.profile.MonotonicClock;
import io.github.godwit.host.profile.QemuVmProfiler;
import io.github.godwit.host.profile.rules.ProfilingRules;
import io.github.godwit.host.scatter.Intermediaries;
import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.PartialProfilePredictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.ZeroCopySend;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
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
import java.util.Set;

/** Two host drivers on loopback, with real QEMU and without {@code tc}, which would need root. */
public final class TwoHostDrivers {

    static final String TOKEN = "0123456789abcdef0123456789abcdef";

    private static final String QEMU = "qemu-system-x86_64";

    /** Several tries, because on an overloaded host the guest may lose its timer interrupt while it boots. */
    private static final int BOOTS = 3;

    /** A guest under KVM needs some seconds on a busy machine; one that needs longer hangs. */
    private static final Duration BOOT = Duration.ofSeconds(15);

    private static final int DIRTY_RING_ENTRIES = 4096;

    private static final String VM = """
            {"name": "%s", "memory": {"bytes": 268435456}, "vcpus": 1, "image": "%s", "kernelArguments": "%s",
             "accelerator": "%s", "dirtyRingSize": %d}""";

    private static final Set<String> FINAL_PHASES = Set.of("COMPLETED", "CANCELLED", "FAILED");
    private static final ObjectMapper JSON = WireJson.strictMapper();
    private static final MonotonicClock CLOCK = new MonotonicClock(Clock.systemUTC());

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Path tokenFile;
    private final String leftAddress;
    private final String rightAddress;
    private final HostDriverConfig leftConfig;
    private HostDriver left;
    private final HostDriver right;
    private final ZeroCopySend zeroCopy;

    /** A response of a host driver. */
    public record Answer(int status, JsonNode body) {
        String error() {
            return body.path("error").asText();
        }
    }

    TwoHostDrivers(Path directory, Path images) throws IOException {
        this(directory, images, QEMU);
    }

    /**
     * Starts two host drivers, the left one with another program as its QEMU.
     *
     * @param qemu the program
     */
    TwoHostDrivers(Path directory, Path images, String qemu) throws IOException {
        this(directory, images, qemu, "127.0.0.1", "127.0.0.2", ZeroCopySend.NEVER);
    }

    private TwoHostDrivers(
            Path directory, Path images, String qemu, String leftAddress, String rightAddress, ZeroCopySend zeroCopy)
            throws IOException {
        this.zeroCopy = zeroCopy;
        this.tokenFile = PrivateFile.write(directory.resolve("token"), TOKEN);
        this.leftAddress = leftAddress;
        this.rightAddress = rightAddress;
        leftConfig = config("left", leftAddress, directory, images, qemu);
        left = HostDriver.start(leftConfig, parts());
        right = HostDriver.start(config("right", rightAddress, directory, images, QEMU), parts());
    }

    /** Starts two host drivers whose API and migrations use IPv6; the loopback interface has only one such address. */
    static TwoHostDrivers onIpv6(Path directory, Path images) throws IOException {
        return new TwoHostDrivers(directory, images, QEMU, "::1", "::1", ZeroCopySend.NEVER);
    }

    /** Starts two host drivers that have MULTIFD copy no pages, however slow the link is. */
    static TwoHostDrivers withoutCopies(Path directory, Path images) throws IOException {
        return new TwoHostDrivers(
                directory, images, QEMU, "127.0.0.1", "127.0.0.2", new ZeroCopySend(Bandwidth.parse("1mbit")));
    }

    private HostDriverConfig config(String name, String address, Path directory, Path images, String qemu) {
        return new HostDriverConfig(
                name,
                new InetSocketAddress(address, 0),
                directory.resolve(name),
                images,
                new HostDriverConfig.Network(
                        Optional.empty(), Optional.of(Bandwidth.parse("1gbit")), false, PortRange.LIBVIRT),
                address,
                AccessFiles.token(tokenFile),
                qemu,
                HostDriverConfig.LoadSource.VMS,
                1,
                MemorySize.parse("4G"),
                Optional.empty(),
                Optional.empty(),
                ProfilingRules.DEFAULT,
                RecoveryTerms.DEFAULT,
                zeroCopy,
                Intermediaries.NONE);
    }

    private static HostDriverParts parts() {
        return new HostDriverParts(
                inventory -> new QemuVmProfiler(
                        Path.of("/proc"),
                        1,
                        CLOCK,
                        vm -> inventory.find(vm.definition().name()).map(Vm::heartbeats),
                        vm -> Traffic.NONE),
                HeartbeatMonitor.factory(CLOCK),
                new NoTrafficControl("this test has no tc"),
                NetworkLoad.idle(Bandwidth.parse("1gbit")),
                new PartialProfilePredictor(new AnalyticPredictor()),
                List.of(),
                () -> {});
    }

    /** Restarts the left host driver, on another port. */
    void restartLeft() throws IOException {
        left.close();
        left = HostDriver.start(leftConfig, parts());
    }

    String leftUrl() {
        return "http://%s:%d".formatted(ListenAddress.inUrl(leftAddress), left.port());
    }

    String rightUrl() {
        return "http://%s:%d".formatted(ListenAddress.inUrl(rightAddress), right.port());
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
                .header("Authorization", "Bearer " + TOKEN)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        return new Answer(
                answer.statusCode(), answer.body().isEmpty() ? JSON.missingNode() : JSON.readTree(answer.body()));
    }

    /** Stops all VMs and both host drivers. */
    void close() throws IOException, InterruptedException {
        for (String url : List.of(leftUrl(), rightUrl())) {
            for (JsonNode vm : get(url + "/v1/vms").body()) {
                stop(vm.path("name").asText());
            }
        }
        left.close();
        right.close();
    }

    /** Boots a VM of 256 MiB on the left host, with a dirty ring if KVM works, and waits until its guest has a heartbeat. */
    void boot(String name, String image, String arguments) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < BOOTS; attempt++) {
            Answer booted = create(name, image, arguments);
            if (booted.status() != 201) {
                throw new IOException(booted.toString());
            }
            if (works(name)) {
                return;
            }
            stop(name);
        }
        throw new IOException("The guest of VM '%s' has no heartbeat after %d boots.".formatted(name, BOOTS));
    }

    /** Boots such a VM without waiting for its guest. */
    Answer create(String name, String image, String arguments) throws IOException, InterruptedException {
        Accelerator accelerator = MachineAccelerator.ofThisMachine().accelerator();
        int ring = accelerator == Accelerator.KVM ? DIRTY_RING_ENTRIES : 0;
        return post(leftUrl() + "/v1/vms", VM.formatted(name, image, arguments, accelerator, ring));
    }

    private boolean works(String name) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + BOOT.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode profile = get(leftUrl() + "/v1/vms/" + name + "/profile").body();
            if (profile.path("heartbeatsPerSecond").asDouble() > 0) {
                return true;
            }
        }
        return false;
    }

    /** Stops a VM, on whichever host it is. */
    void stop(String name) throws IOException, InterruptedException {
        for (String url : List.of(leftUrl(), rightUrl())) {
            send("DELETE", url + "/v1/vms/" + name, null);
        }
    }

    /** Requests the migration of a VM from the left host to the right one. */
    Answer migrate(String name, String more) throws IOException, InterruptedException {
        return post(
                leftUrl() + "/v1/migrations",
                "{\"vm\": \"%s\", \"destination\": \"%s\", %s}".formatted(name, rightUrl(), more));
    }

    /** Waits for the end of a migration. */
    JsonNode await(Answer started) throws IOException, InterruptedException {
        String url = leftUrl() + "/v1/migrations/" + started.body().path("id").asText();
        while (true) {
            JsonNode status = get(url).body();
            if (FINAL_PHASES.contains(status.path("phase").asText())) {
                return status;
            }
            Thread.sleep(50);
        }
    }
}
