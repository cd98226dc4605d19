package io.github.godwit.common;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process, told apart from a later one with the same id by when it started.
 *
 * @param pid        process id
 * @param startTicks start in clock ticks since boot: field 22 of {@code /proc/PID/stat}
 */
public record ProcessIdentity(long pid, long startTicks) {

    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** The process that has this id now, or nothing; a zombie is nothing. */
    public static Optional<ProcessIdentity> of(long pid) {
        try {
            return parse(pid, Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads a {@code /proc/PID/stat} line; the name in its parentheses may hold anything. */
    static Optional<ProcessIdentity> parse(long pid, String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
        if (fields.length <= START_TIME || fields[STATE].equals("Z")) {
            return Optional.empty();
        }
        return Optional.of(new ProcessIdentity(pid, Long.parseLong(fields[START_TIME])));
    }

    /** The name of its program, at most 15 characters ({@code /proc/PID/comm}); empty if it has ended. */
    public String command() {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "comm"))
                    .strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether this very process still runs. */
    public boolean alive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Waits for its end; tells whether it came in time. */
    public boolean awaitEnd(Duration timeout) {
        Optional<ProcessHandle> handle = alive() ? ProcessHandle.of(pid) : Optional.empty();
        if (handle.isPresent()) {
            try {
                handle.get().onExit().get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException e) {
                return !alive();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return !alive();
    }

    /** Kills it with SIGKILL, if it is still this very process. */
    public void kill() {
        if (alive()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }
}
