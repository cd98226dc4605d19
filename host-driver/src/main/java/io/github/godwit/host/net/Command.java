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

/**
 * Runs programs, each for a limited time.
 *
 * @param prefix  words before every command, for example {@code ip netns exec lab1}; usually none
 * @param timeout how long a program may take
 */
record Command(List<String> prefix, Duration timeout) {

    /**
     * How a program ended.
     *
     * @param exitCode its exit status
     * @param out      what it wrote to standard output
     * @param error    what it wrote to standard error
     */
    record Result(int exitCode, String out, String error) {

        /** The first line of its complaint, else of its output. */
        String complaint() {
            String text = error.isBlank() ? out : error;
            return text.lines().filter(line -> !line.isBlank()).findFirst().orElse("exit status " + exitCode);
        }
    }

    Command {
        prefix = List.copyOf(prefix);
    }

    /**
     * Runs a program to its end.
     *
     * @param input what it reads from standard input
     * @throws IOException when it cannot be started or takes too long; it is killed then
     */
    Result run(List<String> words, String input) throws IOException {
        Process process = start(words, ProcessBuilder.Redirect.PIPE);
        try {
            FutureTask<String> out = drain(process.getInputStream(), words.get(0) + "-stdout");
            FutureTask<String> error = drain(process.getErrorStream(), words.get(0) + "-stderr");
            feed(process, input);
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                kill(process);
                throw new IOException("'%s' did not end within %d ms. Look at what blocks it (dmesg), then try again."
                        .formatted(String.join(" ", words), timeout.toMillis()));
            }
            return new Result(process.exitValue(), out.get(), error.get());
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("Interrupted while '%s' ran.".formatted(words)).initCause(e);
        } catch (ExecutionException e) {
            throw new IOException("Cannot read what '%s' writes.".formatted(words), e);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /**
     * Starts a program and leaves it running.
     *
     * @param output where its output and complaints go
     * @throws IOException when it cannot be started
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
                    "Cannot run '%s': install it or put it on the agent's PATH (iproute2 and util-linux)."
                            .formatted(all.get(0)),
                    e);
        }
    }

    private static void feed(Process process, String input) {
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ignored) {
            // The program ended before it read all; its exit status and its complaint say why.
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
