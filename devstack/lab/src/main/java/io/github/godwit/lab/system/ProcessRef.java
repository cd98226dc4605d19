package io.github.godwit.lab.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process for good: its id with its start time, so that a reused id is never taken for it.
 *
 * @param pid        process id
 * @param startTicks start time in clock ticks since boot: field 22 of {@code /proc/PID/stat}
 */
public record ProcessRef(long pid, long startTicks) {

    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** The process that has this id now, or nothing when there is none or it has ended and waits for its parent. */
    public static Optional<ProcessRef> of(long pid) {
        try {
            return parse(pid, Files.readString(Path.of("/proc", Long.toString(pid), "stat")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Reads a line of {@code /proc/PID/stat}; the command in it may hold blanks and parentheses. */
    static Optional<ProcessRef> parse(long pid, String stat) {
        String[] afterCommand = stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1);
        boolean ended = afterCommand[STATE].equals("Z") || afterCommand[STATE].equals("X");
        return ended ? Optional.empty() : Optional.of(new ProcessRef(pid, Long.parseLong(afterCommand[START_TIME])));
    }

    /** Whether the process runs still. */
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }
}
