package io.github.godwit.lab.cli;

import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.system.SystemCommands;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code lab down}: takes a lab down. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description =
                "Stops the VMs, host drivers and traffic, and removes everything that 'up' created, even after a crash.")
final class DownCommand implements Callable<Integer> {

    @Mixin
    private LabOption lab;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        boolean found = new LabDown(lab.name(), new SystemCommands()).down();
        Output.of(spec).say(found ? "The lab is down." : "There was no lab.");
        return 0;
    }
}
