package io.github.godwit.lab.client;

import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.linux.LinuxGuest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A running client of one guest: a {@link ClientProgram} in the peer's namespace. It drives the guest from its start until
 * {@link #report} or {@link #close}. If this program is killed, the client ends too.
 */
public final class GuestClient implements AutoCloseable {

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration REPORT = Duration.ofSeconds(10);

    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private GuestClient(Process process) {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.UTF_8);
        this.commands = process.outputWriter(StandardCharsets.US_ASCII);
    }

    /**
     * Starts a client and waits until the guest answers it.
     *
     * @throws LabException when it does not start, or the guest does not answer within 20 s
     */
    public static GuestClient start(Lab lab, LinuxGuest guest) {
        List<String> command = List.of(
                "ip",
                "netns",
                "exec",
                lab.name().peer(),
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                ClientProgram.class.getName(),
                guest.workload().id(),
                guest.address(),
                guest.rate());
        try {
            GuestClient client = new GuestClient(new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start());
            client.awaitReady();
            return client;
        } catch (IOException e) {
            throw new LabException("The client of the guest could not be started: " + e.getMessage(), e);
        }
    }

    private void awaitReady() {
        String answer = answer(START);
        if (!answer.equals("ready")) {
            close();
            throw new LabException(answer.replaceFirst("^error ", ""));
        }
    }

    /** The migration of the guest begins now. */
    public void migrationBegins() {
        tell("from");
    }

    /** The migration of the guest has ended. */
    public void migrationEnded() {
        tell("to");
    }

    /** Ends the client, and returns what it measured. */
    public ClientReport report() {
        tell("stop");
        String answer = answer(REPORT);
        try {
            return WireJson.mapper().readValue(answer, ClientReport.class);
        } catch (IOException e) {
            throw new LabException("The client of the guest reports: " + answer, e);
        }
    }

    private void tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new LabException("The client of the guest has ended: " + e.getMessage(), e);
        }
    }

    private String answer(Duration timeout) {
        FutureTask<String> line = new FutureTask<>(answers::readLine);
        Thread reader = new Thread(line, "client-answer");
        reader.setDaemon(true);
        reader.start();
        try {
            String answer = line.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            return answer == null ? "The client of the guest ended without an answer." : answer;
        } catch (TimeoutException | ExecutionException e) {
            close();
            throw new LabException(
                    "The client of the guest does not answer within %d s.".formatted(timeout.toSeconds()), e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while a client was waited for.", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
    }
}
