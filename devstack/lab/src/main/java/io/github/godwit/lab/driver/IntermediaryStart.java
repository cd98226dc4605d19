package io.github.godwit.lab.driver;

import io.github.godwit.common.tls.TlsFiles;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.net.LabIntermediary;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Starts a Redis on each intermediary of a lab, in a session of its own so that it outlives this program. Its password is the lab's token. In a lab with
 * certificates it speaks TLS alone.
 */
public final class IntermediaryStart {

    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(50);

    /** It keeps nothing on disk. Read from its standard input, so that the password is in no argument. */
    private static final String CONFIGURATION = """
            bind %s
            save ""
            appendonly no
            requirepass %s
            dir %s
            maxmemory 16gb
            """;

    private static final String PLAIN = "port %d\n";
    private static final String TLS = """
            port 0
            tls-port %d
            tls-cert-file %s
            tls-key-file %s
            tls-ca-cert-file %s
            tls-auth-clients no
            """;

    private final Lab lab;

    /**
     * @param lab the lab
     */
    public IntermediaryStart(Lab lab) {
        this.lab = lab;
    }

    /**
     * Starts all of them and waits until they answer, and writes the file for the host drivers.
     *
     * @throws LabException if one does not start
     */
    public void run() throws InterruptedException {
        for (LabIntermediary intermediary : lab.intermediaries()) {
            Process process = start(intermediary);
            await(intermediary, process);
        }
        writeFile();
    }

    private Path directory(LabIntermediary intermediary) {
        return lab.name().stateDirectory().resolve(intermediary.name());
    }

    private Process start(LabIntermediary intermediary) {
        Path directory = directory(intermediary);
        try {
            Files.createDirectories(directory);
            Process process = new ProcessBuilder(
                            "ip", "netns", "exec", intermediary.namespace(), "setsid", "redis-server", "-")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            directory.resolve("redis.log").toFile()))
                    .start();
            try (OutputStream input = process.getOutputStream()) {
                input.write(configuration(intermediary).getBytes(StandardCharsets.UTF_8));
            }
            return process;
        } catch (IOException e) {
            throw new LabException(
                    "Redis could not be started on %s: %s. Is the package redis-server installed?"
                            .formatted(intermediary.name(), e.getMessage()),
                    e);
        }
    }

    private String configuration(LabIntermediary intermediary) {
        String common = CONFIGURATION.formatted(intermediary.address(), lab.token(), directory(intermediary));
        if (!lab.tls()) {
            return common + PLAIN.formatted(LabIntermediary.PORT);
        }
        TlsFiles files = lab.certificates().of(intermediary);
        return common + TLS.formatted(LabIntermediary.PORT, files.certificate(), files.key(), files.authority());
    }

    private void await(LabIntermediary intermediary, Process process) throws InterruptedException {
        long deadline = System.nanoTime() + START.toNanos();
        while (true) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(intermediary.address(), LabIntermediary.PORT),
                        (int) POLL.toMillis() * 10);
                return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new LabException(
                            "Redis on %s does not answer; read %s."
                                    .formatted(
                                            intermediary.name(),
                                            directory(intermediary).resolve("redis.log")),
                            e);
                }
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            }
        }
    }

    private Map<String, Object> described(LabIntermediary intermediary) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("host", intermediary.address());
        members.put("port", LabIntermediary.PORT);
        members.put("password_file", lab.tokenFile().toString());
        if (lab.tls()) {
            members.put("tls", true);
            members.put("ca", lab.certificates().of(intermediary).authority().toString());
        }
        return members;
    }

    private void writeFile() {
        List<Map<String, Object>> list =
                lab.intermediaries().stream().map(this::described).toList();
        Path file = lab.intermediariesFile();
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(file, WireJson.mapper().writeValueAsString(list));
        } catch (IOException e) {
            throw new LabException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }
}
