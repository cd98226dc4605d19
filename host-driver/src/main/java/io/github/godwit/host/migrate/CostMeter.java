package io.github.godwit.host.migrate;

import io.github.godwit.host.profile.ProcessMeter;
import io.github.godwit.host.vcpu.VcpuMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the CPU time and the resident memory that a migration costs QEMU on the source, and how long its vCPUs run, from {@code /proc}. libvirt
 * may end QEMU before the migration is reported to have ended; then what was measured before counts.
 */
public final class CostMeter {

    private static final Logger LOG = LoggerFactory.getLogger(CostMeter.class);
    private static final String RESET_PEAK = "5";

    private final Path proc;
    private final ProcessMeter meter;
    private final double baselineCores;
    private final VcpuMeter vcpus;
    private OptionalDouble startCpuSeconds = OptionalDouble.empty();
    private long startNanos;
    private long startKib;
    private long peakKib;
    private OptionalDouble cpuPercent = OptionalDouble.empty();

    /**
     * @param pid           process id of QEMU
     * @param baselineCores CPU use of QEMU just before the migration, in cores
     */
    public CostMeter(long pid, double baselineCores) {
        this(Path.of("/proc"), pid, baselineCores);
    }

    CostMeter(Path procfs, long pid, double baselineCores) {
        this.proc = procfs.resolve(Long.toString(pid));
        this.meter = new ProcessMeter(procfs, pid);
        this.vcpus = new VcpuMeter(procfs, pid);
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
        startCpuSeconds = cpuSeconds();
        startNanos = System.nanoTime();
        vcpus.start();
    }

    /** Measures up to now; the last call before the end of QEMU counts. */
    public void sample() {
        vcpus.sample();
        OptionalDouble now = cpuSeconds();
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        if (now.isPresent() && startCpuSeconds.isPresent() && seconds > 0) {
            double cores = (now.getAsDouble() - startCpuSeconds.getAsDouble()) / seconds;
            cpuPercent = OptionalDouble.of(100 * (cores - baselineCores));
        }
        peakKib = Math.max(peakKib, statusKib("VmHWM:"));
    }

    /** How long the vCPUs run, sampled at the same moments. */
    public VcpuMeter vcpus() {
        return vcpus;
    }

    /** QEMU's CPU time above its baseline, in percent of one core; may be negative. Empty if it could not be read. */
    OptionalDouble cpuPercent() {
        return cpuPercent;
    }

    /** Growth of QEMU's resident memory at its peak, in MB. */
    double memoryMegabytes() {
        return (peakKib - startKib) * 1024 / 1e6;
    }

    private OptionalDouble cpuSeconds() {
        try {
            return OptionalDouble.of(meter.cpu().cpuSeconds());
        } catch (IOException e) {
            LOG.debug("QEMU has ended at {}", proc, e);
            return OptionalDouble.empty();
        }
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
