package io.github.godwit.lab.cli;

import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.net.Subnet;
import io.github.godwit.lab.run.HostVms;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab up}: brings a lab up. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Creates the hosts, connects them by shaped links and starts a host driver on each.",
        footer = {
            "",
            "Examples:",
            "  lab up --hosts 3 --link 1gbit --tls",
            "  lab up --hosts 2 --qemu h2=$(devstack/qemu bookworm)"
        })
final class UpCommand implements Callable<Integer> {

    @Mixin
    private LabOption lab;

    @Option(
            names = "--hosts",
            defaultValue = "3",
            description = "Number of hosts, 2 to 16 (default: ${DEFAULT-VALUE}).")
    private int hosts;

    @Option(names = "--link", defaultValue = "1gbit", description = "Rate of each link (default: ${DEFAULT-VALUE}).")
    private Bandwidth link;

    @Option(
            names = "--cores",
            defaultValue = "1",
            description = "CPU cores of each host; dedicated ones where the machine has enough (default: "
                    + "${DEFAULT-VALUE}).")
    private double cores;

    @Option(names = "--subnet", description = "A free /24 network for the lab (default: the first free one).")
    private Subnet subnet;

    @Option(
            names = "--hypervisor",
            defaultValue = "qemu",
            description =
                    "qemu, which the host drivers start and migrate themselves, or libvirt, a daemon for each host "
                            + "(default: ${DEFAULT-VALUE}).")
    private Hypervisor hypervisor;

    @Option(
            names = "--qemu",
            paramLabel = "[HOST=]PROGRAM",
            description =
                    "QEMU's program, of all hosts or of one; repeat it for several hosts. 'devstack/qemu SUITE' installs other "
                            + "releases (default: the machine's qemu-system-x86_64).")
    private List<String> qemu = List.of();

    @Option(
            names = "--intermediaries",
            defaultValue = "0",
            description =
                    "Number of machines with a Redis on which pages of SCATTER-GATHER may wait, 0 to 8 (default: ${DEFAULT-VALUE}).")
    private int intermediaries;

    @Option(
            names = "--tls",
            description =
                    "Host drivers speak HTTPS and identify themselves with certificates, which are made for this lab, and intermediaries speak"
                            + " TLS (default: HTTP with a token).")
    private boolean tls;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Output output = Output.of(spec);
        Lab up = new LabUp(lab.name(), new SystemCommands(), output::say, tls)
                .up(hosts, intermediaries, LinkShape.of(link), cores, subnet, HostVms.parse(hypervisor, qemu));
        up.hosts().forEach(host -> output.print("%s %s".formatted(host.name(), host.hostDriver())));
        output.say("The lab is up. Programs identify themselves to the host drivers by "
                + String.join(" ", up.serviceOptions()));
        return 0;
    }
}
