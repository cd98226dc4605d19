package io.github.godwit.lab.driver;

import io.github.godwit.lab.LabException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Assigns the machine's CPUs to the lab hosts. A host with dedicated CPUs keeps its speed whatever the others do; where the
 * machine has too few CPUs, the last hosts share the last ones.
 */
public final class HostCpus {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String ALLOWED = "Cpus_allowed_list:";

    private HostCpus() {}

    /**
     * Assigns the CPUs that this process may use.
     *
     * @param hosts number of hosts
     * @param cores cores of each host
     * @return the CPUs of each host in the form of {@code taskset --cpu-list}
     */
    public static List<String> share(int hosts, double cores) {
        return share(allowed(), hosts, cores);
    }

    static List<String> share(List<Integer> cpus, int hosts, double cores) {
        int each = Math.min(cpus.size(), Math.max(1, (int) Math.ceil(cores)));
        int groups = Math.max(1, cpus.size() / each);
        return IntStream.range(0, hosts)
                .map(host -> Math.min(host, groups - 1) * each)
                .mapToObj(first -> cpus.subList(first, first + each).stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(",")))
                .toList();
    }

    private static List<Integer> allowed() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(ALLOWED))
                    .findFirst()
                    .map(line -> parse(line.substring(ALLOWED.length()).strip()))
                    .orElseThrow(
                            () -> new LabException("%s does not list the CPUs of this process.".formatted(STATUS)));
        } catch (IOException e) {
            throw new LabException("%s cannot be read: %s".formatted(STATUS, e.getMessage()), e);
        }
    }

    /** Reads the kernel's list format, for example {@code 0-3,8}. */
    static List<Integer> parse(String list) {
        List<Integer> cpus = new ArrayList<>();
        for (String range : list.split(",", -1)) {
            String[] ends = range.split("-", 2);
            IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]))
                    .forEach(cpus::add);
        }
        return cpus;
    }
}
