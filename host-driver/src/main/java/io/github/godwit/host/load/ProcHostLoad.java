package io.github.godwit.host.load;

import io.github.godwit.hostapi.HostStatus.HugePages;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The load of a whole machine, from {@code /proc/stat} and {@code /proc/meminfo}. Huge pages that are reserved but free are not in use,
 * although the kernel does not count them as available.
 */
public final class ProcHostLoad implements HostLoad {

    private static final int IDLE = 3;
    private static final int IOWAIT = 4;
    private static final int STEAL = 7;

    private final double cores;
    private final Path proc;
    private final Path sysfs;
    private volatile double load;
    private long lastTotal;
    private long lastIdle;

    /**
     * Creates the load and takes the first sample.
     *
     * @param cores number of CPU cores for VMs
     */
    public ProcHostLoad(double cores) {
        this(cores, Path.of("/proc"), Path.of("/sys"));
    }

    /** Creates the load from other mount points of procfs and sysfs. */
    ProcHostLoad(double cores, Path proc, Path sysfs) {
        this.cores = cores;
        this.proc = proc;
        this.sysfs = sysfs;
        sample();
    }

    @Override
    public synchronized void sample() {
        String[] fields = line("stat", "cpu ").trim().split("\\s+", -1);
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
    public List<HugePages> hugePages() {
        return HugePagePools.read(sysfs);
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
        long free = meminfo("MemAvailable:")
                + hugePages().stream().mapToLong(HugePages::freeBytes).sum();
        return Math.max(0, 1 - (double) free / meminfo("MemTotal:"));
    }

    /** A value of {@code /proc/meminfo}, in bytes. */
    private long meminfo(String name) {
        return Long.parseLong(line("meminfo", name).replaceAll("\\D", "")) * 1024;
    }

    private String line(String name, String start) {
        Path file = proc.resolve(name);
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.stream()
                    .filter(line -> line.startsWith(start))
                    .findFirst()
                    .orElseThrow(() -> new IOException(file + " has no line that starts with " + start));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
