package io.github.godwit.lab.experiment.scatter;

import io.github.godwit.common.ProcessIdentity;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.HostDriverLaunch;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What a host driver uses from a moment on. */
final class HostDriverCost {

    /** Written to {@code clear_refs}, it makes the peak of the resident memory start anew (proc(5)). */
    private static final String RESET_PEAK = "5";

    private static final String PEAK = "VmHWM:";

    /** Without pages of files, which processes share: libraries, classes of the JVM, jars. */
    private static final String OWN = "RssAnon:";

    private static final double KIB = 1024;

    private final ProcessIdentity process;
    private final Duration before;

    private HostDriverCost(ProcessIdentity process) throws IOException {
        this.process = process;
        this.before = cpu();
        Files.writeString(proc("clear_refs"), RESET_PEAK);
    }

    /** Begins to measure the host driver of a host. */
    static HostDriverCost of(LabHost host, CommandRunner commands) {
        List<ProcessIdentity> processes = HostDriverLaunch.processes(host, commands);
        if (processes.size() != 1) {
            throw new LabException("%s has %d host drivers.".formatted(host.name(), processes.size()));
        }
        try {
            return new HostDriverCost(processes.get(0));
        } catch (IOException e) {
            throw new LabException("The host driver of %s has ended.".formatted(host.name()), e);
        }
    }

    /** The most memory that it had resident since then, in 10^6 bytes. */
    double peakMegabytes() {
        return megabytes(PEAK);
    }

    /** The memory that is its own and resident now, in 10^6 bytes. A heap that has grown stays for a while. */
    double ownMegabytes() {
        return megabytes(OWN);
    }

    private double megabytes(String name) {
        try {
            String kib = Files.readAllLines(proc("status")).stream()
                    .filter(line -> line.startsWith(name))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(kib.replaceAll("\\D", "")) * KIB / 1e6;
        } catch (IOException e) {
            throw new LabException("A host driver has ended.", e);
        }
    }

    /** The CPU time that it used since then, in seconds. */
    double cpuSeconds() {
        return cpu().minus(before).toMillis() / 1e3;
    }

    private Duration cpu() {
        return ProcessHandle.of(process.pid())
                .flatMap(handle -> handle.info().totalCpuDuration())
                .orElseThrow(() -> new LabException("A host driver has ended."));
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }
}
