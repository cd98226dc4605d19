package io.github.godwit.host.load;

import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The load of a whole machine, from {@code /proc/stat} and {@code /proc/meminfo}. */
public final class ProcHostLoad implements HostLoad {

    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STEAL = 7;

    private final double cores;
    private volatile double load;
    private long lastTotal;
    private long lastIdle;

    /**
     * Creates the load and takes the first sample.
     *
     * @param cores number of CPU cores for VMs
     */
    public ProcHostLoad(double cores) {
        this.cores = cores;
        sample();
    }

    @Override
    public synchronized void sample() {
        String[] fields = line("/proc/stat", "cpu ").trim().split("\\s+", -1);
        long total = 0;
        for (int i = 0; i <= STEAL; i++) {
            total += Long.parseLong(fields[i + 1]);
        }
        long idle = Long.parseLong(fields[IDLE + 1]) + Long.parseLong(fields[IOWAIT + 1]);
        if (total > lastTotal) {
            double share = 1 - (double) (idle - lastIdle) / (total - lastTotal);
            load = Math.max(0, Math.min(1, share));
        }
        lastTotal = total;
        lastIdle = idle;
    }

    @Override
    public double cores() {
        return cores;
    }

    @Override
    public double cpu() {
        return load;
    }

    @Override
    public MemorySize memory() {
        return new MemorySize(meminfo("MemTotal:"));
    }

    @Override
    public double memoryLoad() {
        return 1 - (double) meminfo("MemAvailable:") / meminfo("MemTotal:");
    }

    /** A value of {@code /proc/meminfo}, in bytes. */
    static long meminfo(String name) {
        return Long.parseLong(line("/proc/meminfo", name).replaceAll("\\D", "")) * 1024;
    }

    private static String line(String file, String start) {
        try {
            List<String> lines = Files.readAllLines(Path.of(file));
            return lines.stream()
                    .filter(line -> line.startsWith(start))
                    .findFirst()
                    .orElseThrow(() -> new IOException(file + " has no line that starts with " + start));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
