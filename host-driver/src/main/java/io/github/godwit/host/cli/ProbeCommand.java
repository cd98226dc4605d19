package io.github.godwit.host.cli;

import io.github.godwit.host.libvirt.DomainEvents;
import io.github.godwit.host.libvirt.EmulatorUser;
import io.github.godwit.host.libvirt.LibvirtConnection;
import io.github.godwit.host.libvirt.LibvirtVms;
import io.github.godwit.host.probe.QemuAccount;
import io.github.godwit.host.probe.TechniqueProbe;
import io.github.godwit.host.vm.QemuCommandLine;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    @Option(
            names = "--libvirt",
            paramLabel = "URI",
            description =
                    "Runs QEMU as this libvirt does, usually qemu:///system. Default: as the user of this program.")
    private Optional<String> libvirt = Optional.empty();

    @Option(names = "--json", description = "Prints JSON.")
    private boolean asJson;

    private Optional<QemuAccount> account() throws IOException {
        if (libvirt.isEmpty()) {
            return Optional.empty();
        }
        try (LibvirtConnection connection = LibvirtConnection.open(libvirt.get(), new DomainEvents());
                LibvirtVms vms = new LibvirtVms(connection)) {
            vms.refresh();
            return new EmulatorUser(connection, vms).read();
        }
    }

    @Override
    public Integer call() throws Exception {
        HostCapabilities capabilities = new TechniqueProbe(new QemuCommandLine(qemu), account()).probe("this host");
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
