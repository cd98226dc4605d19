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
import java.util.concurrent.TimeUnit;

/**
 * Starts QEMU in a session of its own, so that neither the agent's end nor a key pressed in the agent's terminal ends it.
 */
public final class QemuLauncher {

    private static final Duration MONITOR_DEADLINE = Duration.ofSeconds(10);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final int LAST_WORDS = 400;

    /**
     * A QEMU that was started and answers.
     *
     * @param process its process
     * @param qmp     the connection to its monitor
     */
    public record Started(ProcessIdentity process, Qmp qmp) {}

    /**
     * Starts a command line of {@link QemuCommandLine} and waits for its monitor.
     *
     * @throws IOException when QEMU cannot be started, ends at once (with its own words) or does not open its monitor in
     *                     ten seconds; no process is left then
     */
    public Started start(List<String> command, VmDirectory directory) throws IOException {
        Files.createDirectories(directory.path());
        Files.deleteIfExists(directory.qmpSocket());
        List<String> detached = new ArrayList<>(List.of("setsid"));
        detached.addAll(command);
        Process process = new ProcessBuilder(detached)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.log().toFile())
                .start();
        try {
            Qmp qmp = awaitMonitor(process, directory);
            return new Started(ProcessIdentity.of(process.pid()).orElseThrow(() -> ended(directory)), qmp);
        } catch (IOException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** The socket appears early in QEMU's start; no event tells so, but its end would. */
    private static Qmp awaitMonitor(Process process, VmDirectory directory) throws IOException {
        long deadline = System.nanoTime() + MONITOR_DEADLINE.toNanos();
        while (!Files.exists(directory.qmpSocket())) {
            if (endsWithin(process, LOOK_EVERY)) {
                throw ended(directory);
            }
            if (System.nanoTime() > deadline) {
                throw new IOException("QEMU did not open its monitor %s within %d s: %s"
                        .formatted(directory.qmpSocket(), MONITOR_DEADLINE.toSeconds(), lastWords(directory.log())));
            }
        }
        endsWithin(process, LOOK_EVERY); // It has bound the socket, and may not listen yet.
        try {
            return UnixQmpClient.connect(directory.qmpSocket(), MONITOR_DEADLINE);
        } catch (QmpException e) {
            throw endsWithin(process, GRACE) ? ended(directory) : e;
        }
    }

    private static boolean endsWithin(Process process, Duration time) throws IOException {
        try {
            return process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while QEMU started.", e);
        }
    }

    private static IOException ended(VmDirectory directory) {
        return new IOException("QEMU did not start: " + lastWords(directory.log()));
    }

    /** The end of what QEMU printed, in one line. */
    static String lastWords(Path log) {
        try {
            String text = Files.readString(log, StandardCharsets.UTF_8).strip().replaceAll("\\s*\\n\\s*", "; ");
            String end = text.length() <= LAST_WORDS ? text : "…" + text.substring(text.length() - LAST_WORDS);
            return end.isEmpty() ? "it printed nothing" : end;
        } catch (IOException e) {
            return "its log %s cannot be read (%s)".formatted(log, e.getMessage());
        }
    }
}
