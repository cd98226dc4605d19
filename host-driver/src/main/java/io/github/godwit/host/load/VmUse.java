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

/** CPU and memory that each VM's QEMU takes, between the last two samples. */
public final class VmUse {

    private static final Logger LOG = LoggerFactory.getLogger(VmUse.class);

    private final VmList inventory;
    private Map<Long, Sample> last = Map.of();

    private record Sample(CpuSample cpu, double cores, int vcpus, long residentBytes) {}

    /**
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
                LOG.debug("VM '{}' ended between the list and the look", vm.name(), e);
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

    /** What all VMs take together. */
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
