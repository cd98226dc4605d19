package io.github.godwit.host.migrate;

import io.github.godwit.host.profile.ProcessMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Measures the CPU time and the resident memory that a migration costs QEMU on the source, from {@code /proc}. */
public final class CostMeter {

    private static final Logger LOG = LoggerFactory.getLogger(CostMeter.class);
    private static final String RESET_PEAK = "5";

    private final Path proc;
    private final ProcessMeter meter;
    private final double baselineCores;
    private double startCpuSeconds;
    private long startNanos;
    private long startKib;
    private long peakKib;
    private double cpuPercent;

    /**
     * @param pid           process id of QEMU
     * @param baselineCores CPU use of QEMU just before the migration, in cores
     */
    public CostMeter(long pid, double baselineCores) {
        this.proc = Path.of("/proc", Long.toString(pid));
        this.meter = new ProcessMeter(Path.of("/proc"), pid);
        this.baselineCores = baselineCores;
    }

    /** Starts measuring. Resets the kernel's high-water mark of the resident memory, so that no peak is missed. */
    public void start() {
        try {
            Files.writeString(proc.resolve("clear_refs"), RESET_PEAK);
        } catch (IOException e) {
            LOG.debug("Cannot reset the peak of resident memory of {}; it includes the time before", proc, e);
        }
        startKib = statusKib("VmRSS:");
        peakKib = startKib;
        try {
            startCpuSeconds = meter.cpu().cpuSeconds();
        } catch (IOException e) {
            LOG.debug("{} has ended", proc, e);
        }
        startNanos = System.nanoTime();
    }

    /** Measures up to now; the last call counts that found QEMU, which libvirt ends before it reports the end of a migration. */
    public void sample() {
        double cpuSeconds;
        try {
            cpuSeconds = meter.cpu().cpuSeconds();
        } catch (IOException e) {
            return;
        }
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        cpuPercent = seconds > 0 ? 100 * ((cpuSeconds - startCpuSeconds) / seconds - baselineCores) : 0;
        peakKib = Math.max(peakKib, statusKib("VmHWM:"));
    }

    /** QEMU's CPU time above its baseline, in percent of one core; may be negative. */
    double cpuPercent() {
        return cpuPercent;
    }

    /** Growth of QEMU's resident memory at its peak, in MB. */
    double memoryMegabytes() {
        return (peakKib - startKib) * 1024 / 1e6;
    }

    private long statusKib(String name) {
        try {
            List<String> lines = Files.readAllLines(proc.resolve("status"));
            return lines.stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElse(startKib);
        } catch (IOException e) {
            return startKib;
        }
    }
}
