package io.github.godwit.host.load;

import io.github.godwit.host.profile.CpuSample;
import io.github.godwit.host.profile.ProcessMeter;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.profile.CpuSpread;
import io.github.godwit.model.unit.MemorySize;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The CPU and memory use of each VM's QEMU between the last two samples. */
public final class VmUse {

    private static final Logger LOG = LoggerFactory.getLogger(VmUse.class);

    private final VmList inventory;
    private Map<Long, Sample> last = Map.of();

    private record Sample(CpuSample cpu, double cores, int vcpus, long residentBytes) {}

    /**
     * Creates the use without samples.
     *
     * @param inventory the VMs of this host
     */
    public VmUse(VmList inventory) {
        this.inventory = inventory;
    }

    /** Takes a sample of all VMs. */
    public synchronized void sample() {
        Map<Long, Sample> now = new HashMap<>();
        for (Vm vm : inventory.all()) {
            long pid = vm.running().pid();
            try {
                now.put(pid, sample(vm, last.get(pid)));
            } catch (IOException e) {
                LOG.debug("VM '{}' ended while it was sampled", vm.name(), e);
            }
        }
        last = now;
    }

    private static Sample sample(Vm vm, Sample before) throws IOException {
        ProcessMeter meter = new ProcessMeter(Path.of("/proc"), vm.running().pid());
        CpuSample now = meter.cpu();
        double cores = before == null ? 0 : now.coresSince(before.cpu());
        return new Sample(
                now,
                cores,
                vm.running().definition().vcpus(),
                meter.residentMemory().bytes());
    }

    /**
     * CPU use of a VM, in cores; 0 until the VM was sampled twice.
     *
     * @param pid process id of its QEMU
     */
    public synchronized double cores(long pid) {
        Sample sample = last.get(pid);
        return sample == null ? 0 : sample.cores();
    }

    /**
     * Resident memory of a VM on the host; 0 until the VM was sampled.
     *
     * @param pid process id of its QEMU
     */
    public synchronized MemorySize resident(long pid) {
        Sample sample = last.get(pid);
        return new MemorySize(sample == null ? 0 : sample.residentBytes());
    }

    /** The CPU use of all VMs together, and how it spreads over their vCPUs. */
    public synchronized CpuSpread spread() {
        CpuSpread spread = CpuSpread.NONE;
        for (Sample sample : last.values()) {
            spread = spread.plus(sample.cores(), sample.vcpus());
        }
        return spread;
    }

    synchronized long totalResident() {
        return last.values().stream().mapToLong(Sample::residentBytes).sum();
    }
}
