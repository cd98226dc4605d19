package io.github.godwit.lab.cli;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.linux.LinuxGuest;
import io.github.godwit.lab.net.LabHost;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab vm}: the VMs and what their guests do. */
@Command(
        name = "vm",
        mixinStandardHelpOptions = true,
        description = "Starts, lists, changes, verifies and stops VMs.",
        subcommands = VmStartCommand.class)
final class VmCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Give a command: start, list, set, verify or stop.");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the VMs of all hosts.")
    int list(@Mixin LabOption option, @Option(names = "--json", description = "Print the VMs as JSON.") boolean json) {
        Lab lab = option.require();
        Output output = Output.of(spec);
        List<VmStatus> vms = new ArrayList<>();
        int exitCode = 0;
        for (LabHost host : lab.hosts()) {
            try {
                vms.addAll(lab.client(host).vms());
            } catch (HostDriverException e) {
                output.say(e.getMessage());
                exitCode = 1;
            }
        }
        if (json) {
            output.json(vms);
            return exitCode;
        }
        output.print("%-16s %-6s %-10s %8s %6s %10s %9s %9s  %s"
                .formatted("VM", "HOST", "STATE", "MEMORY", "CPU", "RESIDENT", "IN Mbit", "OUT Mbit", "GUEST"));
        for (VmStatus vm : vms) {
            output.print("%-16s %-6s %-10s %8s %5.0f%% %9.0fM %9.1f %9.1f  %s"
                    .formatted(
                            vm.name(),
                            vm.host(),
                            vm.state(),
                            vm.definition().memory(),
                            100 * vm.vcpuUse(),
                            vm.residentMemory().mebibytes(),
                            vm.traffic().in().megabits(),
                            vm.traffic().out().megabits(),
                            LinuxGuest.of(vm.definition())
                                    .map(LinuxGuest::toString)
                                    .orElse(vm.definition().kernelArguments())));
        }
        return exitCode;
    }

    @Command(name = "stop", mixinStandardHelpOptions = true, description = "Stops a VM and removes it.")
    int stop(@Mixin LabOption option, @Parameters(paramLabel = "NAME", description = "The VM.") String name) {
        new LabVms(option.require()).stop(name);
        return 0;
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description =
                    "Changes the workload of a VM's guest: cpu=700 (per mille), dirty=61440 (KiB/s), ws=64 (MiB), "
                            + "pattern=random|seq|hotspot, change=64 (bytes), entropy=500 (per mille).",
            footer = {"", "Example:", "  lab vm set db cpu=800 dirty=20480"})
    int set(
            @Mixin LabOption option,
            @Parameters(index = "0", paramLabel = "NAME", description = "The VM.") String name,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "KEY=VALUE", description = "The settings.")
                    List<String> settings) {
        Output.of(spec).print(new LabVms(option.require()).set(name, String.join(" ", settings)));
        return 0;
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Has a VM's guest check all its memory; exit code 1 when the memory is damaged.")
    int verify(@Mixin LabOption option, @Parameters(paramLabel = "NAME", description = "The VM.") String name) {
        String answer = new LabVms(option.require()).verify(name);
        Output.of(spec).print(answer);
        return LabVms.isVerified(answer) ? 0 : 1;
    }
}
