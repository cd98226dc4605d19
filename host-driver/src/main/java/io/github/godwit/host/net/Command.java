package io.github.godwit.host.net;

import io.github.godwit.common.DaemonThreads;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs programs with a timeout.
 *
 * @param prefix  words to put before every command, for example {@code ip netns exec lab1}; usually empty
 * @param timeout for each program
 */
public record Command(List<String> prefix, Duration timeout) {

    /**
     * The result of a program.
     *
     * @param exitCode its exit status
     * @param out      its standard output
     * @param error    its standard error
     */
    public record Result(int exitCode, String out, String error) {

        /** The first line of its standard error; of its standard output if that is empty. */
        public String errorLine() {
            String text = error.isBlank() ? out : error;
            return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("exit status " + exitCode);
        }
    }

    /** Copies the prefix. */
    public Command {
        prefix = List.copyOf(prefix);
    }

    /**
     * Runs a program and waits for its end.
     *
     * @param words the program and its arguments
     * @param input its standard input
     * @throws IOException if it cannot be started, or if it exceeds the timeout and is killed
     */
    public Result run(List<String> words, String input) throws IOException {
        Process process = start(words, ProcessBuilder.Redirect.PIPE);
        try {
            FutureTask<String> out = drain(process.getInputStream(), words.get(0) + "-stdout");
            FutureTask<String> error = drain(process.getErrorStream(), words.get(0) + "-stderr");
            feed(process, input);
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process);
                throw new IOException("'%s' did not end within %d ms. Find out what blocks it (dmesg), then try again."
                        .formatted(String.join(" ", words), timeout.toMillis()));
            }
            return new Result(
                    process.exitValue(),
                    out.get(timeout.toMillis(), TimeUnit.MILLISECONDS),
                    error.get(timeout.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw (IOException)
                    new InterruptedIOException("Interrupted while running '%s'.".formatted(words)).initCause(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("Cannot read the output of '%s'.".formatted(words), e);
        }
    }

    /**
     * The standard output of a program that needs no input.
     *
     * @param words the program and its arguments
     * @throws IOException if it cannot be started, exceeds the timeout, or fails, with the first line of its error
     */
    public String output(List<String> words) throws IOException {
        Result result = run(words, "");
        if (result.exitCode() != 0) {
            throw new IOException("'%s': %s".formatted(String.join(" ", words), result.errorLine()));
        }
        return result.out();
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /**
     * Starts a program without waiting for its end.
     *
     * @param words  the program and its arguments
     * @param output for its standard output and standard error
     * @throws IOException if it cannot be started
     */
    Process start(List<String> words, ProcessBuilder.Redirect output) throws IOException {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(words);
        try {
            return new ProcessBuilder(all)
                    .redirectOutput(output)
                    .redirectError(output)
                    .start();
        } catch (IOException e) {
            throw new IOException(
                    "Cannot run '%s': install it or add it to the host driver's PATH (packages iproute2 and util-linux)."
                            .formatted(all.get(0)),
                    e);
        }
    }

    private static void feed(Process process, String input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ignored) {
            // The program ended before it read all of its input; its exit status and standard error explain why.
        }
    }

    private static FutureTask<String> drain(InputStream stream, String name) {
        FutureTask<String> task = new FutureTask<>(() -> {
            try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        DaemonThreads.start(name, task);
        return task;
    }
}
