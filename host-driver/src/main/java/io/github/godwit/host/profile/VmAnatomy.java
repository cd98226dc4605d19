package io.github.godwit.host.profile;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.qmp.Monitor;
import io.github.godwit.host.qmp.QmpException;
import io.github.godwit.host.vm.RunningVm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What of a QEMU process is a vCPU and what is guest memory, which stays as it is while the process lives.
 *
 * @param vcpuThreads ids of the vCPUs' threads; empty where they are not known
 * @param memory      where the guest's memory is; empty where that is not known
 */
record VmAnatomy(List<Long> vcpuThreads, List<RamBlock> memory) {

    private static final Logger LOG = LoggerFactory.getLogger(VmAnatomy.class);

    /** QEMU's names of vCPU threads, with {@code debug-threads=on}: {@code CPU 0/KVM}, {@code CPU 0/TCG}, {@code ALL CPUs/TCG}. */
    private static final Pattern VCPU = Pattern.compile("(CPU \\d+|ALL CPUs)/(KVM|TCG)");

    /** Address, end and permissions of a mapping. */
    private static final Pattern MAPPING = Pattern.compile("(\\p{XDigit}+)-(\\p{XDigit}+) rw-[ps] .*");

    /** Whether nothing is missing, so that it need not be found again. */
    boolean complete() {
        return !vcpuThreads.isEmpty() && !memory.isEmpty();
    }

    /**
     * Asks the monitor; what it does not answer in time is read off {@code /proc}: threads by their names, memory as a
     * mapping that is just as large as the guest's.
     */
    static VmAnatomy of(RunningVm vm, Monitor qmp, Path proc, Deadline deadline) throws IOException {
        Path process = proc.resolve(Long.toString(vm.pid()));
        List<Long> threads;
        List<RamBlock> memory;
        try {
            threads = asked(qmp, deadline);
            memory = RamBlock.of(
                    qmp, vm.definition().memory(), deadline.within(qmp.pace().deadline()));
        } catch (QmpException e) {
            LOG.info(
                    "VM '{}': threads and memory are read off {}: {}",
                    vm.definition().name(),
                    process,
                    e.getMessage());
            threads = namedThreads(process);
            memory = largeMapping(process, vm.definition().memory().bytes());
        }
        return new VmAnatomy(List.copyOf(threads), List.copyOf(memory));
    }

    private static List<Long> asked(Monitor qmp, Deadline deadline) throws QmpException {
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

    private static List<Long> namedThreads(Path process) throws IOException {
        List<Long> threads = new ArrayList<>();
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            for (Path task : tasks.toList()) {
                if (VCPU.matcher(Files.readString(task.resolve("comm")).strip()).matches()) {
                    threads.add(Long.parseLong(task.getFileName().toString()));
                }
            }
        }
        return threads;
    }

    private static List<RamBlock> largeMapping(Path process, long bytes) throws IOException {
        for (String line : Files.readAllLines(process.resolve("maps"))) {
            Matcher mapping = MAPPING.matcher(line);
            if (mapping.matches()) {
                long from = Long.parseUnsignedLong(mapping.group(1), 16);
                if (Long.parseUnsignedLong(mapping.group(2), 16) - from == bytes) {
                    return List.of(new RamBlock("by its size", from, bytes));
                }
            }
        }
        return List.of();
    }
}
