package io.github.godwit.host.vcpu;

import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.proxy.VcpuTime;
import io.github.godwit.model.proxy.VcpuTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the CPU time of a VM's vCPUs during a migration away from this host. The vCPUs of the source stop at the switchover, so that a sample
 * from then on has all of their time, even if libvirt ends their QEMU before the migration is reported to have ended. Those of the destination
 * begin at the switchover, so that their whole time is that of the migration. Not safe for several threads.
 */
public final class VcpuMeter {

    private static final Logger LOG = LoggerFactory.getLogger(VcpuMeter.class);

    private final Path process;
    private long startNanos;
    private VcpuTime atStart;
    private VcpuTime last;

    /**
     * A meter that has not started.
     *
     * @param proc the mount point of procfs, {@code /proc}
     * @param pid  process id of QEMU
     */
    public VcpuMeter(Path proc, long pid) {
        this.process = proc.resolve(Long.toString(pid));
    }

    /** Starts to measure. */
    public void start() {
        startNanos = System.nanoTime();
        atStart = read().orElse(null);
        last = atStart;
    }

    /** Measures up to now; the last call before the end of QEMU counts. */
    public void sample() {
        last = read().orElse(last);
    }

    /** The times of a VM that stays here, until the last sample; empty if they could not be read. */
    public Optional<VcpuTimes> stayed() {
        return times(null);
    }

    /**
     * The times of a VM that has left, on both hosts.
     *
     * @param destination the host driver of the destination, which is asked for its part
     * @param vm          name of the VM
     * @return empty if the times could not be read here, or if the destination does not report them
     */
    public Optional<VcpuTimes> left(Supplier<HostDriverClient> destination, String vm) {
        if (atStart == null) {
            return Optional.empty();
        }
        try {
            return times(destination.get().vcpuTime(vm));
        } catch (HostDriverException e) {
            LOG.info("The destination does not report how long the vCPUs of VM '{}' ran: {}", vm, e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<VcpuTimes> times(VcpuTime there) {
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        return atStart == null ? Optional.empty() : Optional.of(new VcpuTimes(seconds, last.since(atStart), there));
    }

    private Optional<VcpuTime> read() {
        try {
            return Optional.of(VcpuThreads.time(process));
        } catch (IOException e) {
            LOG.debug("Cannot read how long the vCPUs ran", e);
            return Optional.empty();
        }
    }
}
