package io.github.godwit.host.profile;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vcpu.VcpuThreads;
import io.github.godwit.host.vm.RunningVm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The vCPU threads and the guest memory of a QEMU process, which do not change while the process runs.
 *
 * @param vcpuThreads thread ids of the vCPUs; empty if they are unknown
 * @param memory      the guest's memory in QEMU's address space; empty if it is unknown
 */
record ProcessLayout(List<Long> vcpuThreads, List<RamBlock> memory) {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessLayout.class);

    /** Whether both parts are known, so that they need not be determined again. */
    boolean complete() {
        return !vcpuThreads.isEmpty() && !memory.isEmpty();
    }

    /**
     * Determines the layout by the monitor. If that does not answer in time, determines it from {@code /proc}: threads by their
     * names, and memory as the mapping of exactly the guest's size.
     *
     * @throws IOException if the process has ended
     */
    static ProcessLayout of(RunningVm vm, Monitor qmp, Path proc, Deadline deadline) throws IOException {
        Path process = proc.resolve(Long.toString(vm.pid()));
        List<Long> threads;
        List<RamBlock> memory;
        try {
            threads = vcpuThreads(qmp, deadline);
            memory = RamBlock.of(
                    qmp,
                    vm.definition().memory(),
                    process,
                    deadline.within(qmp.pace().deadline()));
        } catch (QmpException e) {
            LOG.info(
                    "VM '{}': finding its threads and memory in {} instead: {}",
                    vm.definition().name(),
                    process,
                    e.getMessage());
            threads = VcpuThreads.of(process);
            memory = mappingOfSize(process, vm.definition().memory().bytes());
        }
        return new ProcessLayout(List.copyOf(threads), List.copyOf(memory));
    }

    private static List<Long> vcpuThreads(Monitor qmp, Deadline deadline) throws QmpException {
        List<Long> threads = new ArrayList<>();
        JsonNode vcpus = qmp.execute(
                "query-cpus-fast",
                java.util.Map.of(),
                deadline.within(qmp.pace().deadline()));
        for (JsonNode vcpu : vcpus) {
            threads.add(vcpu.path("thread-id").asLong());
        }
        return threads;
    }

    private static List<RamBlock> mappingOfSize(Path process, long bytes) throws IOException {
        OptionalLong address = new MemoryMappings(process).take(bytes);
        return address.isPresent() ? List.of(new RamBlock("found by its size", address.getAsLong(), bytes)) : List.of();
    }
}
