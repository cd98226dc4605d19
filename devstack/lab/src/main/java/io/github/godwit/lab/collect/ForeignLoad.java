package io.github.godwit.lab.collect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The load that does not come from the lab: the CPU time of processes in this program's own network namespace, and the time
 * that a hypervisor below steals. Kernel threads belong to neither side and are not counted.
 */
final class ForeignLoad {

    private static final Path PROC = Path.of("/proc");
    private static final double MOST_FOREIGN_CORES = 0.1;
    private static final double MOST_STOLEN_CORES = 0.05;
    private static final double TICKS_PER_SECOND = 100;
    private static final int PARENT = 1;
    private static final int FIRST_TIME = 11;
    private static final int TIMES = 4;
    private static final int STEAL = 8;
    private static final String KERNEL_PARENT = "2";

    private final Path ownNamespace;
    private final String ownPid;

    ForeignLoad() {
        try {
            ownNamespace = Files.readSymbolicLink(PROC.resolve("self/ns/net"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ownPid = Long.toString(ProcessHandle.current().pid());
    }

    /**
     * Counters at one moment.
     *
     * @param nanos          the moment, as {@link System#nanoTime()}
     * @param foreignSeconds CPU time of foreign processes and of their children that have ended
     * @param stolenSeconds  CPU time stolen from this machine
     * @param waitedSeconds  time in which some task waited for a CPU
     */
    record Sample(long nanos, double foreignSeconds, double stolenSeconds, double waitedSeconds) {

        /** The load between an earlier sample and this one. */
        Load since(Sample before) {
            double seconds = Math.max(1e-3, (nanos - before.nanos) / 1e9);
            return new Load(
                    Math.max(0, foreignSeconds - before.foreignSeconds) / seconds,
                    Math.max(0, stolenSeconds - before.stolenSeconds) / seconds,
                    Math.max(0, waitedSeconds - before.waitedSeconds) / seconds);
        }
    }

    /**
     * Load over a period.
     *
     * @param foreignCores cores used by foreign processes
     * @param stolenCores  cores stolen
     * @param pressure     share of the period in which some task waited for a CPU
     */
    record Load(double foreignCores, double stolenCores, double pressure) {

        /** Whether it is high enough to disturb a measurement. */
        boolean disturbs() {
            return foreignCores > MOST_FOREIGN_CORES || stolenCores > MOST_STOLEN_CORES;
        }
    }

    /** Reads the counters. */
    Sample sample() {
        double seconds = 0;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                seconds += foreignSeconds(process);
            }
            return new Sample(System.nanoTime(), seconds, stolenSeconds(), waitedSeconds());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private double foreignSeconds(Path process) {
        try {
            if (process.getFileName().toString().equals(ownPid)
                    || !Files.readSymbolicLink(process.resolve("ns/net")).equals(ownNamespace)) {
                return 0;
            }
            String stat = Files.readString(process.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
            if (fields[PARENT].equals(KERNEL_PARENT)) {
                return 0;
            }
            return Arrays.stream(fields, FIRST_TIME, FIRST_TIME + TIMES)
                            .mapToLong(Long::parseLong)
                            .sum()
                    / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0; // the process has ended
        }
    }

    private static double stolenSeconds() throws IOException {
        String[] fields = Files.readAllLines(PROC.resolve("stat")).get(0).trim().split("\\s+", -1);
        return Long.parseLong(fields[STEAL]) / TICKS_PER_SECOND;
    }

    /** Zero on a kernel without pressure stall information. */
    private static double waitedSeconds() throws IOException {
        Path pressure = PROC.resolve("pressure/cpu");
        if (!Files.isReadable(pressure)) {
            return 0;
        }
        List<String> lines = Files.readAllLines(pressure);
        String total = lines.get(0).substring(lines.get(0).lastIndexOf('=') + 1);
        return Long.parseLong(total) / 1e6;
    }
}
