package io.github.godwit.lab.run;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.LabName;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.system.ProcessEnder;
import io.github.godwit.lab.system.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The optimization service over a lab's hosts: a separate process that listens on loopback and outlives this program. A file in
 * the lab's directory records its PID, so taking the lab down ends it.
 */
public final class LabService {

    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** The service does not announce when it listens, so it is polled. */
    private static final Duration POLL = Duration.ofMillis(100);

    /** Default port of the service; a free one is used where another process listens on it. */
    private static final int PORT = 9322;

    private final URI url;

    private LabService(URI url) {
        this.url = url;
    }

    /**
     * Starts the service with an empty H2 database in the lab's directory.
     *
     * @throws LabException when it does not answer in time; the message contains its output
     */
    public static LabService start(Lab lab) throws InterruptedException {
        Path directory = lab.name().stateDirectory().resolve("service");
        int port = freePort();
        URI url = URI.create("http://127.0.0.1:" + port);
        Path log = directory.resolve("output.log");
        try {
            Files.createDirectories(directory);
            List<String> command = new ArrayList<>(List.of(
                    "setsid",
                    Programs.strategy().toString(),
                    "serve",
                    "--noauth",
                    "--listen",
                    "127.0.0.1:" + port,
                    "--data",
                    directory.toString(),
                    "--hosts",
                    lab.hosts().stream()
                            .map(host -> host.hostDriver().toString())
                            .collect(Collectors.joining(","))));
            command.addAll(lab.serviceOptions());
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment()
                    .put("GODWIT_LOG", directory.resolve("service.log").toString());
            Process process = builder.start();
            record(lab.name(), process.pid());
            await(new ServiceClient(url), process, log);
        } catch (IOException e) {
            throw new LabException("The service could not be started: " + e.getMessage(), e);
        }
        return new LabService(url);
    }

    private static int freePort() {
        for (int wanted : new int[] {PORT, 0}) {
            try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // in use: try the next one
            }
        }
        throw new LabException("No port of 127.0.0.1 is free for the service.");
    }

    private static void await(ServiceClient client, Process process, Path log)
            throws InterruptedException, IOException {
        long deadline = System.nanoTime() + START.toNanos();
        while (!client.healthy()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new LabException("The service does not answer. Its output is:%n%s"
                        .formatted(Files.readString(log).strip()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
        }
    }

    /** Base URL of the service, which is also the URL of its web page. */
    public URI url() {
        return url;
    }

    private static Path record(LabName name) {
        return name.stateDirectory().resolve("service").resolve("process");
    }

    private static void record(LabName name, long pid) throws IOException {
        ProcessIdentity process =
                ProcessIdentity.of(pid).orElseThrow(() -> new LabException("The service ended right after its start."));
        Files.writeString(record(name), "%d %d".formatted(process.pid(), process.startTicks()));
    }

    /** Ends a lab's service, if there is one. */
    static void end(LabName name) {
        process(name).ifPresent(process -> new ProcessEnder().end(List.of(process), GRACE));
    }

    private static Optional<ProcessIdentity> process(LabName name) {
        try {
            String[] words = Files.readString(record(name)).strip().split(" ", -1);
            return Optional.of(new ProcessIdentity(Long.parseLong(words[0]), Long.parseLong(words[1])));
        } catch (IOException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
