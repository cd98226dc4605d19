package io.github.godwit.lab.system;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.lab.LabException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Runs system commands as child processes, each with a time limit. */
public final class SystemCommands implements CommandRunner {

    private final Duration timeout;

    /** Commands with a limit of ten seconds: {@code ip} and {@code tc} take milliseconds, but wait for each other. */
    public SystemCommands() {
        this(Duration.ofSeconds(10));
    }

    /**
     * @param timeout time limit of a command
     */
    public SystemCommands(Duration timeout) {
        this.timeout = timeout;
    }

    @Override
    public String run(List<String> command) {
        Process process = start(command);
        FutureTask<String> output = reader(process.getInputStream(), command.get(0) + "-output");
        FutureTask<String> errors = reader(process.getErrorStream(), command.get(0) + "-errors");
        try {
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LabException("'%s' did not end within %d s. Maybe the machine is overloaded."
                        .formatted(String.join(" ", command), timeout.toSeconds()));
            }
            if (process.exitValue() != 0) {
                throw new LabException("'%s' failed with exit code %d: %s"
                        .formatted(
                                String.join(" ", command),
                                process.exitValue(),
                                errors.get().strip()));
            }
            return output.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("Interrupted while '%s' was running.".formatted(String.join(" ", command)), e);
        } catch (java.util.concurrent.ExecutionException e) {
            throw new LabException("The output of '%s' could not be read.".formatted(command.get(0)), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Process start(List<String> command) {
        try {
            Process process = new ProcessBuilder(command).start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new LabException(
                    "'%s' could not be started. Is it installed? %s".formatted(command.get(0), e.getMessage()), e);
        }
    }

    /** Both pipes are drained while the command runs, because a full pipe would block it. */
    private static FutureTask<String> reader(InputStream stream, String name) {
        FutureTask<String> task = new FutureTask<>(() -> {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        DaemonThreads.start("lab-" + name, task);
        return task;
    }
}
