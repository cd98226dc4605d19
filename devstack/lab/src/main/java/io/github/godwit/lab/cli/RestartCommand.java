package io.github.godwit.lab.cli;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.HostDriverLaunch;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.lab.system.Programs;
import io.github.godwit.lab.system.SystemCommands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab restart}: restarts the host driver of a host, maybe as another version. */
@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = "Ends the host driver of a host and starts it again, as an upgrade does. VMs stay.",
        footer = {"", "Example:", "  lab restart h2 --host-driver ../godwit-before/host-driver/bin/godwit-host"})
final class RestartCommand implements Callable<Integer> {

    @Mixin
    private LabOption lab;

    @Parameters(paramLabel = "HOST", description = "Name of the host.")
    private String host;

    @Option(
            names = "--host-driver",
            paramLabel = "PROGRAM",
            description = "The program to start; usually that of this checkout.")
    private Path program;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Lab up = lab.require();
        if (program != null && !Files.isExecutable(program)) {
            throw new LabException("%s is no program.".formatted(program));
        }
        LabHost restarted = up.host(host);
        double cores = up.client(restarted).host().profile().cores();
        HostStatus status = new HostDriverLaunch(up, cores)
                .replace(restarted, program == null ? Programs.hostDriver() : program, new SystemCommands());
        Output.of(spec).say("The host driver of %s answers; its version is %s.".formatted(host, status.agentVersion()));
        return 0;
    }
}
