package io.github.godwit.host.vm;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.host.qmp.Qmp;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.qmp.UnixQmpClient;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Starts QEMU in its own session, so that it survives both the host driver and signals from the host driver's terminal. */
public final class QemuLauncher {

    /** bin/godwit-host limits the C library's arenas for this program, not for QEMU. */
    private static final String OWN_ARENAS = "MALLOC_ARENA_MAX";

    private static final Duration MONITOR_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final int LOG_TAIL_CHARS = 400;
    private static final String MACHINE = "-machine";

    /**
     * A QEMU that has started and whose monitor responds.
     *
     * @param process its process
     * @param qmp     the connection to its monitor
     * @param machine its machine type; if it was started with {@code pc}, the type that this QEMU means by it
     */
    public record Started(ProcessIdentity process, Qmp qmp, String machine) {}

    /**
     * Starts QEMU and waits until its monitor responds.
     *
     * @param command   a command line of {@link QemuCommandLine}
     * @param directory the directory of that command line; created if it does not exist
     * @throws IOException if QEMU cannot be started, exits (with QEMU's own message), or does not open its monitor within ten
     *                     seconds; then no process is left
     */
    public Started start(List<String> command, VmDirectory directory) throws IOException {
        Files.createDirectories(directory.path());
        Files.deleteIfExists(directory.qmpSocket());
        List<String> detached = new ArrayList<>(List.of("setsid"));
        detached.addAll(command);
        ProcessBuilder launch = new ProcessBuilder(detached)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.log().toFile());
        launch.environment().remove(OWN_ARENAS);
        Process process = launch.start();
        try {
            Qmp qmp = awaitMonitor(process, directory);
            ProcessIdentity identity = ProcessIdentity.of(process.pid()).orElseThrow(() -> exited(directory));
            return new Started(identity, qmp, machine(qmp));
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** QEMU does not report when it has opened the socket, so this polls until it has, or until QEMU has exited. */
    private static Qmp awaitMonitor(Process process, VmDirectory directory) throws IOException {
        long deadline = System.nanoTime() + MONITOR_TIMEOUT.toNanos();
        while (!Files.exists(directory.qmpSocket())) {
            if (exitsWithin(process, POLL_INTERVAL)) {
                throw exited(directory);
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("QEMU did not open its monitor %s within %d s: %s"
                        .formatted(directory.qmpSocket(), MONITOR_TIMEOUT.toSeconds(), logTail(directory.log())));
            }
        }
        exitsWithin(process, POLL_INTERVAL); // QEMU may have bound the socket without listening on it yet.
        try {
            return UnixQmpClient.connect(directory.qmpSocket(), MONITOR_TIMEOUT);
        } catch (QmpException e) {
            throw exitsWithin(process, GRACE) ? exited(directory) : e;
        }
    }

    /** QEMU's types are {@code pc-i440fx-10.0-machine} and so on. */
    private static String machine(Qmp qmp) throws QmpException {
        String type = qmp.execute("qom-get", Map.of("path", "/machine", "property", "type"))
                .asText();
        return type.endsWith(MACHINE) ? type.substring(0, type.length() - MACHINE.length()) : type;
    }

    private static boolean exitsWithin(Process process, Duration time) throws IOException {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while QEMU was starting.", e);
        }
    }

    private static IOException exited(VmDirectory directory) {
        return new IOException("QEMU did not start: " + logTail(directory.log()));
    }

    /** The last 400 characters of QEMU's log, in one line. */
    static String logTail(Path log) {
        try {
            String text = Files.readString(log, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\n\\s*", "; ");
            String tail = text.length() <= LOG_TAIL_CHARS ? text : "…" + text.substring(text.length() - LOG_TAIL_CHARS);
            return tail.isEmpty() ? "it printed nothing" : tail;
        } catch (IOException e) {
            return "its log %s cannot be read (%s)".formatted(log, e.getMessage());
        }
    }
}
