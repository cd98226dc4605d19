package io.github.godwit.lab.cli;

import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.guest.LabVms;
import io.github.godwit.lab.net.LinkShape;
import io.github.godwit.lab.run.LabDown;
import io.github.godwit.lab.run.LabService;
import io.github.godwit.lab.run.LabUp;
import io.github.godwit.lab.run.QuickstartScene;
import io.github.godwit.lab.run.ServiceAudit;
import io.github.godwit.lab.run.TakenDownOnExit;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.report.PlanJson;
import io.github.godwit.strategy.report.PlanReport;
import io.github.godwit.strategy.report.PlanTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab quickstart}: a hotspot audit from an empty machine to the table of results. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description =
                "Starts three hosts with six different VMs, overloads one host, starts the service, runs a hotspot "
                        + "audit, executes its action plan, and prints the predicted metrics of each migration beside the "
                        + "measured ones.",
        footer = {
            "",
            "Examples:",
            "  lab quickstart",
            "  lab quickstart --policy traffic_overload --json result.json --keep"
        })
final class QuickstartCommand implements Callable<Integer> {

    private static final int HOSTS = 3;

    /** The cores of a host. The VMs of the overloaded host stay below that, because a load above it cannot be measured. */
    private static final double CORES = 1.0;

    private static final int MOST_MOVES = 4;
    private static final int SAMPLES = 5;
    private static final Duration SAMPLE_INTERVAL = Duration.ofMillis(1500);

    @Mixin
    private LabOption option;

    @Option(
            names = "--policy",
            defaultValue = "ensure_performance",
            description = "SLO policy under which techniques are chosen (default: ${DEFAULT-VALUE}).")
    private String policyName;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result to this file as JSON, too.")
    private Path jsonFile;

    @Option(
            names = "--no-tls",
            description =
                    "Host drivers speak HTTP with a token, instead of HTTPS with certificates that are made for this run.")
    private boolean noTls;

    @Option(names = "--keep", description = "Leave the lab running; 'lab down' removes it.")
    private boolean keep;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException, IOException {
        Output output = Output.of(spec);
        SloPolicy policy = SloPolicies.shipped().get(policyName);
        if (jsonFile != null && !Files.isWritable(jsonFile.toAbsolutePath().getParent())) {
            throw new IllegalArgumentException(
                    "The result cannot be written to %s. Choose a directory that exists.".formatted(jsonFile));
        }
        MachineAccelerator machine = MachineAccelerator.ofThisMachine();
        if (machine.accelerator() == Accelerator.TCG) {
            output.say(
                    "Guests run under TCG, QEMU's own translator, because %s Times are longer than on hardware with KVM."
                            .formatted(machine.reason()));
        }
        Lab lab = new LabUp(option.name(), new SystemCommands(), output::say, !noTls)
                .up(HOSTS, LinkShape.of(Bandwidth.parse("1gbit")), CORES, null);
        try (TakenDownOnExit exit = new TakenDownOnExit(new LabDown(option.name(), new SystemCommands()))) {
            QuickstartScene scene = new QuickstartScene(lab, output::say);
            scene.start();
            scene.heat();
            output.say("Starting the service");
            LabService service = LabService.start(lab);
            LabVms vms = new LabVms(lab);
            PlanReport report = new ServiceAudit(
                            service.url(), policy, (vm, host) -> Optional.of(intact(vms, vm, output)), output::say)
                    .run(SAMPLES, SAMPLE_INTERVAL, MOST_MOVES);
            report(report, output);
            if (keep) {
                exit.keep();
                output.say(
                        "The lab is still up: try 'devstack/lab/bin/lab vm list'. 'devstack/lab/bin/lab down' removes it.");
                output.say(
                        "Web page of the service: %s/ ('openstack optimize' works with --os-auth-type none --os-endpoint %s)"
                                .formatted(service.url(), service.url()));
            }
            return report.succeeded() && !report.entries().isEmpty() ? 0 : 1;
        }
    }

    private void report(PlanReport report, Output output) throws IOException {
        output.print("");
        output.print(PlanTable.write(report));
        if (jsonFile != null) {
            Files.writeString(jsonFile, PlanJson.write(report));
            output.say("Result written to " + jsonFile);
        }
    }

    /** A guest that does not answer counts like one with damaged memory. */
    private static boolean intact(LabVms vms, String vm, Output output) {
        try {
            return LabVms.isVerified(vms.verify(vm));
        } catch (LabException e) {
            output.say(e.getMessage());
            return false;
        }
    }
}
