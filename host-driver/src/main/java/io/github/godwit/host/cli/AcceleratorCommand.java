package io.github.godwit.host.cli;

import io.github.godwit.host.vm.MachineAccelerator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code godwit-host accelerator}: prints the accelerator for guests on this machine. */
@Command(
        name = "accelerator",
        description =
                "Prints the accelerator for guests on this machine, kvm or tcg, and the reason to standard error. "
                        + "The environment variable GODWIT_ACCELERATOR overrides it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  godwit-host accelerator", "  GODWIT_ACCELERATOR=tcg devstack/quickstart"})
final class AcceleratorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        MachineAccelerator machine = MachineAccelerator.ofThisMachine();
        spec.commandLine().getErr().println(machine.reason());
        spec.commandLine().getErr().flush();
        spec.commandLine().getOut().println(machine.accelerator().qemuName());
        spec.commandLine().getOut().flush();
        return 0;
    }
}
