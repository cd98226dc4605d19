package io.github.godwit.host.load;

import io.github.godwit.host.vm.HostedVm;
import io.github.godwit.host.vm.VmInventory;
import io.github.godwit.model.MemorySize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** CPU and memory that each VM's QEMU takes, between the last two samples. */
public final class VmUse {

    private static final Logger LOG = LoggerFactory.getLogger(VmUse.class);
    private static final int UTIME = 11;
    private static final int STIME = 12;
    private static final int RESIDENT = 1;
    private static final double TICKS_PER_SECOND = 100;

    private final VmInventory inventory;
    private Map<Long, Sample> last = Map.of();

    private record Sample(long ticks, long nanos, double cores, long residentBytes) {}

    /**
     * @param inventory the VMs of this host
     */
    public VmUse(VmInventory inventory) {
        this.inventory = inventory;
    }

    /** Takes a sample of all VMs. */
    public synchronized void sample() {
        Map<Long, Sample> now = new HashMap<>();
        for (HostedVm vm : inventory.all()) {
            long pid = vm.running().pid();
            try {
                now.put(pid, sample(pid, last.get(pid)));
            } catch (IOException e) {
                LOG.debug("VM '{}' ended between the list and the look", vm.name(), e);
            }
        }
        last = now;
    }

    private static Sample sample(long pid, Sample before) throws IOException {
        Path proc = Path.of("/proc", Long.toString(pid));
        String stat = Files.readString(proc.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
        long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        long nanos = System.nanoTime();
        double cores =
                before == null ? 0 : (ticks - before.ticks()) / TICKS_PER_SECOND / ((nanos - before.nanos()) / 1e9);
        String[] memory = Files.readString(proc.resolve("statm")).split(" ", -1);
        return new Sample(ticks, nanos, cores, Long.parseLong(memory[RESIDENT]) * MemorySize.PAGE_BYTES);
    }

    /** CPU time that a VM takes, in cores. */
    public synchronized double cores(long pid) {
        Sample sample = last.get(pid);
        return sample == null ? 0 : sample.cores();
    }

    /** Its memory on the host. */
    public synchronized MemorySize resident(long pid) {
        Sample sample = last.get(pid);
        return new MemorySize(sample == null ? 0 : sample.residentBytes());
    }

    synchronized double totalCores() {
        return last.values().stream().mapToDouble(Sample::cores).sum();
    }

    synchronized long totalResident() {
        return last.values().stream().mapToLong(Sample::residentBytes).sum();
    }
}
