package io.github.godwit.host.cli;

import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.host.vm.QemuLauncher;
import io.github.godwit.host.vm.TechniqueProbe;
import io.github.godwit.host.vm.VmDirectory;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-host probe}: prints which techniques this host's QEMU supports. */
@Command(
        name = "probe",
        description =
                "Prints which migration techniques this host's QEMU supports, and why it does not support the others.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true,
        footer = {"", "Example:", "  godwit-host probe --json"})
final class ProbeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--qemu",
            paramLabel = "PROGRAM",
            defaultValue = "qemu-system-x86_64",
            description = "QEMU's system emulator.")
    private String qemu;

    @Option(names = "--json", description = "Prints JSON.")
    private boolean asJson;

    @Override
    public Integer call() throws Exception {
        Path directory = Files.createTempDirectory("godwit-probe");
        HostCapabilities capabilities;
        try {
            capabilities = new TechniqueProbe(new QemuCommandLine(qemu), new QemuLauncher(), new VmDirectory(directory))
                    .probe("this host");
        } finally {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (asJson) {
            out.println(WireJson.strictMapper().writerWithDefaultPrettyPrinter().writeValueAsString(capabilities));
        } else {
            out.println("QEMU " + capabilities.qemu());
            for (Technique technique : Technique.values()) {
                out.printf(
                        "%-20s %s%n",
                        technique,
                        capabilities
                                .obstacle(technique)
                                .map(why -> "no: " + why)
                                .orElse("yes"));
            }
        }
        out.flush();
        return 0;
    }
}
