package io.github.godwit.host.profile;

import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;

/** Reads the CPU time and resident memory of one process from {@code /proc}. */
public final class ProcessMeter {

    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int RESIDENT = 1;

    /** The kernel's USER_HZ, the same on every architecture that runs KVM. */
    private static final double TICKS_PER_SECOND = 100;

    private static final Path PROC = Path.of("/proc");

    private final Path process;
    private final long pid;
    private final boolean hasClock;

    /**
     * Creates a meter of one process.
     *
     * @param proc the mount point of procfs, {@code /proc}
     * @param pid  process id
     */
    public ProcessMeter(Path proc, long pid) {
        this.process = proc.resolve(Long.toString(pid));
        this.pid = pid;
        this.hasClock = proc.equals(PROC) && CpuClock.available();
    }

    /**
     * CPU time of the whole process, in nanoseconds if the C library can be called, otherwise in hundredths of a second.
     *
     * @throws IOException if the process has ended
     */
    public CpuSample cpu() throws IOException {
        double seconds = hasClock ? CpuClock.seconds(pid) : cpuSeconds(process.resolve("stat"));
        return new CpuSample(seconds, System.nanoTime());
    }

    /**
     * Total CPU time of some threads of the process, for example of its vCPUs.
     *
     * @param threads thread ids
     * @throws IOException if one of the threads has ended
     */
    public CpuSample cpuOf(Collection<Long> threads) throws IOException {
        double seconds = 0;
        for (long thread : threads) {
            seconds += threadSeconds(process.resolve("task").resolve(Long.toString(thread)));
        }
        return new CpuSample(seconds, System.nanoTime());
    }

    /**
     * Resident memory of the process. This is the kernel's counter, which may be off by a few pages per CPU.
     *
     * @throws IOException if the process has ended
     */
    public MemorySize residentMemory() throws IOException {
        String[] fields = read(process.resolve("statm")).split(" ", -1);
        return new MemorySize(Long.parseLong(fields[RESIDENT]) * MemorySize.PAGE_BYTES);
    }

    /** From the scheduler's statistics in nanoseconds if the kernel has them, otherwise in ticks. */
    private static double threadSeconds(Path thread) throws IOException {
        Path account = thread.resolve("schedstat");
        return Files.exists(account)
                ? Long.parseLong(read(account).strip().split(" ", -1)[0]) / 1e9
                : cpuSeconds(thread.resolve("stat"));
    }

    private static double cpuSeconds(Path stat) throws IOException {
        String text = read(stat);
        // The process name in parentheses may contain blanks and parentheses.
        String[] fields = text.substring(text.lastIndexOf(')') + 1).trim().split(" ", -1);
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
    }

    private static String read(Path file) throws IOException {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IOException("The process or thread at %s has ended.".formatted(file.getParent()), e);
        }
    }
}
