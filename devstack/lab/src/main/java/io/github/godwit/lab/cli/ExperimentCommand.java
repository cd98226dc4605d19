package io.github.godwit.lab.cli;

import io.github.godwit.lab.experiment.DrainExperiment;
import io.github.godwit.lab.experiment.OrderExperiment;
import io.github.godwit.lab.experiment.PriorityExperiment;
import io.github.godwit.lab.experiment.ReservationExperiment;
import io.github.godwit.lab.experiment.recovery.RecoveryExperiment;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lab experiment}: experiments with several Linux guests. */
@Command(
        name = "experiment",
        mixinStandardHelpOptions = true,
        subcommands = {ScatterCommand.class, ScatterFaultsCommand.class, ScatterMemoryCommand.class},
        description = {
            "Measures several Linux guests with their clients, or recovers migrations, in labs that it creates and removes.",
            "Each run is appended to the file at once. Started again on the same file, it continues where it stopped.",
            "Leave the machine idle meanwhile. In the end it prints a table of the results in the file."
        },
        footer = {
            "",
            "Examples:",
            "  lab experiment drain --vms 8 --json drain.json",
            "  lab experiment order --vms 4 --technique POST --json order.json --minutes 30",
            "  lab experiment reservation --json reservation.json --plots pictures",
            "  lab experiment priority --times 1 --json priority.json --minutes 60",
            "  lab experiment recovery --times 20 --json recovery.json",
            "  lab experiment scatter --link 1gbit --dst-rate 300mbit --json scatter.json",
            "  lab experiment scatter-faults --times 10 --json faults.json",
            "  lab experiment scatter-memory --times 200 --json memory.json"
        })
final class ExperimentCommand implements Runnable {

    private static final int MOST_VMS = 16;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Give an experiment: drain, order, reservation, priority, recovery, scatter, scatter-faults or scatter-memory.");
    }

    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description = "Empties a host one VM after another by PRE, all at once by PRE, and by a maintenance audit.",
            footer = {"", "Example:", "  lab experiment drain --vms 8 --json drain.json --plots pictures"})
    int drain(
            @Mixin ExperimentOptions common,
            @Option(names = "--vms", defaultValue = "8", description = "Number of VMs (default: ${DEFAULT-VALUE}).")
                    int vms,
            @Option(
                            names = "--times",
                            defaultValue = "3",
                            description = "Number of runs of each way (default: ${DEFAULT-VALUE}).")
                    int times)
            throws InterruptedException {
        ExperimentOptions.range("VMs", vms, 1, MOST_VMS);
        ExperimentOptions.range("times", times, 1, 100);
        Output output = Output.of(spec);
        return common.end(output, new DrainExperiment(common.setting(output), vms, times).run());
    }

    @Command(
            name = "order",
            mixinStandardHelpOptions = true,
            description =
                    "Moves four guests one after another in all 24 orders, then the best, the worst and that of Godwit's scheduler again.",
            footer = {"", "Example:", "  lab experiment order --vms 4 --technique POST --json order.json --minutes 30"})
    int order(
            @Mixin ExperimentOptions common,
            @Option(
                            names = "--vms",
                            defaultValue = "4",
                            description = "Number of VMs, 2 to 4 (default: ${DEFAULT-VALUE}).")
                    int vms,
            @Option(
                            names = "--technique",
                            defaultValue = "PRE",
                            description = "Technique of all migrations (default: ${DEFAULT-VALUE}).")
                    Technique technique)
            throws InterruptedException {
        ExperimentOptions.range("VMs", vms, 2, 4);
        Output output = Output.of(spec);
        return common.end(output, new OrderExperiment(common.setting(output), vms, technique).run());
    }

    @Command(
            name = "reservation",
            mixinStandardHelpOptions = true,
            description =
                    "Migrates a VM by PRE and POST against contending applications, without and with reservations: fixed ones, and the loop of the host driver.",
            footer = {"", "Example:", "  lab experiment reservation --json reservation.json --plots pictures"})
    int reservation(
            @Mixin ExperimentOptions common,
            @Option(
                            names = "--times",
                            defaultValue = "3",
                            description = "Number of measurements of each (default: ${DEFAULT-VALUE}).")
                    int times)
            throws InterruptedException {
        ExperimentOptions.range("times", times, 1, 100);
        Output output = Output.of(spec);
        return common.end(output, new ReservationExperiment(common.setting(output), times).run());
    }

    @Command(
            name = "priority",
            mixinStandardHelpOptions = true,
            description = {
                "Migrates two VMs by PRE, POST and the traffic-aware rules, at high, medium and low urgency, for each direction of the "
                        + "traffic of both hosts and of the VMs."
            },
            footer = {"", "Example:", "  lab experiment priority --times 1 --json priority.json --minutes 60"})
    int priority(
            @Mixin ExperimentOptions common,
            @Option(
                            names = "--times",
                            defaultValue = "1",
                            description = "Number of measurements of each of the 180 rows (default: ${DEFAULT-VALUE}).")
                    int times)
            throws InterruptedException {
        ExperimentOptions.range("times", times, 1, 100);
        Output output = Output.of(spec);
        return common.end(output, new PriorityExperiment(common.setting(output), times).run());
    }

    @Command(
            name = "recovery",
            mixinStandardHelpOptions = true,
            description =
                    "Cuts the link of the destination in post-copy, and counts how often the migration is recovered with intact memory.",
            footer = {"", "Example:", "  lab experiment recovery --times 20 --json recovery.json"})
    int recovery(
            @Mixin ExperimentOptions common,
            @Option(names = "--times", defaultValue = "20", description = "Number of cuts (default: ${DEFAULT-VALUE}).")
                    int times,
            @Option(
                            names = "--technique",
                            defaultValue = "POST",
                            description = "A technique with post-copy (default: ${DEFAULT-VALUE}).")
                    Technique technique,
            @Option(
                            names = "--hypervisor",
                            defaultValue = "qemu",
                            description = "qemu or libvirt (default: ${DEFAULT-VALUE}).")
                    Hypervisor hypervisor,
            @Option(
                            names = "--down",
                            paramLabel = "SECONDS",
                            defaultValue = "5",
                            description = "How long the link is down (default: ${DEFAULT-VALUE}).")
                    int down)
            throws InterruptedException {
        ExperimentOptions.range("times", times, 1, 1000);
        ExperimentOptions.range("seconds", down, 0, 3600);
        Output output = Output.of(spec);
        return common.end(
                output,
                new RecoveryExperiment(common.setting(output), hypervisor, technique, times, Duration.ofSeconds(down))
                        .run());
    }
}
