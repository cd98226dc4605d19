package io.github.godwit.lab.cli;

import io.github.godwit.lab.LabName;
import io.github.godwit.lab.experiment.DrainExperiment;
import io.github.godwit.lab.experiment.ExperimentPlots;
import io.github.godwit.lab.experiment.ExperimentTables;
import io.github.godwit.lab.experiment.OrderExperiment;
import io.github.godwit.lab.experiment.PriorityExperiment;
import io.github.godwit.lab.experiment.ReservationExperiment;
import io.github.godwit.lab.experiment.Setting;
import io.github.godwit.lab.experiment.recovery.RecoveryExperiment;
import io.github.godwit.lab.experiment.scatter.ScatterFaultExperiment;
import io.github.godwit.lab.experiment.scatter.ScatterGuest;
import io.github.godwit.lab.experiment.scatter.ScatterSweep;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
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
            "  lab experiment scatter-faults --times 10 --json faults.json"
        })
final class ExperimentCommand implements Runnable {

    private static final int MOST_VMS = 16;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Give an experiment: drain, order, reservation, priority, recovery, scatter or scatter-faults.");
    }

    /** What all experiments have in common. */
    static final class Common {
        @Option(
                names = "--lab",
                defaultValue = "experiment",
                description = "Name of the lab that is created and removed (default: ${DEFAULT-VALUE}).")
        private LabName lab;

        @Option(
                names = "--link",
                defaultValue = "200mbit",
                description = "Rate of each host's link (default: ${DEFAULT-VALUE}).")
        private Bandwidth link;

        @Option(
                names = "--cores",
                defaultValue = "1",
                description = "CPU cores of each host, which hosts share where the machine has too few "
                        + "(default: ${DEFAULT-VALUE}).")
        private int cores;

        @Option(names = "--json", required = true, paramLabel = "FILE", description = "File with the results.")
        private Path file;

        @Option(
                names = "--minutes",
                description = "Begin no run after this many minutes; the next start continues (default: no limit).")
        private Integer minutes;

        @Option(names = "--plots", paramLabel = "DIR", description = "Directory that gets SVG pictures of the results.")
        private Path plots;

        private Setting setting(Output output) {
            if (cores < 1) {
                throw new IllegalArgumentException("The number of cores (%d) must be positive.".formatted(cores));
            }
            return new Setting(lab, link, cores, limit(), file, new SystemCommands(), output::say);
        }

        private int end(Output output, boolean complete) {
            return end(output, complete, List.of(file));
        }

        private int end(Output output, boolean complete, List<Path> files) {
            for (Path each : files) {
                ExperimentTables.of(each).ifPresent(table -> {
                    if (files.size() > 1) {
                        output.print("%s:".formatted(each));
                    }
                    output.print(table);
                });
            }
            if (plots != null) {
                ExperimentPlots.write(files, plots).forEach(picture -> output.say("Picture: %s".formatted(picture)));
            }
            String names = files.stream().map(Path::toString).collect(Collectors.joining(", "));
            output.say(
                    complete
                            ? "All runs are in %s.".formatted(names)
                            : "The time is over. Run the command again to continue; the results so far are in %s."
                                    .formatted(names));
            return complete ? 0 : 1;
        }

        private Duration limit() {
            if (minutes != null && minutes < 1) {
                throw new IllegalArgumentException("The number of minutes (%d) must be positive.".formatted(minutes));
            }
            return minutes == null ? Duration.ofDays(365) : Duration.ofMinutes(minutes);
        }
    }

    @Command(
            name = "drain",
            mixinStandardHelpOptions = true,
            description = "Empties a host one VM after another by PRE, all at once by PRE, and by a maintenance audit.",
            footer = {"", "Example:", "  lab experiment drain --vms 8 --json drain.json --plots pictures"})
    int drain(
            @Mixin Common common,
            @Option(names = "--vms", defaultValue = "8", description = "Number of VMs (default: ${DEFAULT-VALUE}).")
                    int vms,
            @Option(
                            names = "--times",
                            defaultValue = "3",
                            description = "Number of runs of each way (default: ${DEFAULT-VALUE}).")
                    int times)
            throws InterruptedException {
        range("VMs", vms, 1, MOST_VMS);
        range("times", times, 1, 100);
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
            @Mixin Common common,
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
        range("VMs", vms, 2, 4);
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
            @Mixin Common common,
            @Option(
                            names = "--times",
                            defaultValue = "3",
                            description = "Number of measurements of each (default: ${DEFAULT-VALUE}).")
                    int times)
            throws InterruptedException {
        range("times", times, 1, 100);
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
            @Mixin Common common,
            @Option(
                            names = "--times",
                            defaultValue = "1",
                            description = "Number of measurements of each of the 180 rows (default: ${DEFAULT-VALUE}).")
                    int times)
            throws InterruptedException {
        range("times", times, 1, 100);
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
            @Mixin Common common,
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
        range("times", times, 1, 1000);
        range("seconds", down, 0, 3600);
        Output output = Output.of(spec);
        return common.end(
                output,
                new RecoveryExperiment(common.setting(output), hypervisor, technique, times, Duration.ofSeconds(down))
                        .run());
    }

    @Command(
            name = "scatter",
            mixinStandardHelpOptions = true,
            description =
                    "Migrates a VM to a destination with a slower link, by PRE, by POST and by SCATTER-GATHER, and measures until when the source is free.",
            footer = {
                "",
                "Example:",
                "  lab experiment scatter --link 1gbit --dst-rate 300mbit --intermediaries 1,2,3 --json scatter.json",
                "  lab experiment scatter --link 1gbit --dst-rate 100mbit,300mbit,1gbit --memory 512M,2G --json s.json --plots pictures"
            })
    int scatter(
            @Mixin Common common,
            @Option(
                            names = "--intermediaries",
                            split = ",",
                            defaultValue = "1,2,3",
                            description = "Numbers of intermediaries to try (default: ${DEFAULT-VALUE}).")
                    List<Integer> intermediaries,
            @Option(
                            names = "--dst-rate",
                            split = ",",
                            defaultValue = "60mbit",
                            description =
                                    "Rates of the link into the destination; with several rates or sizes each combination has a file of "
                                            + "its own beside --json (default: ${DEFAULT-VALUE}).")
                    List<Bandwidth> destinations,
            @Option(
                            names = "--memory",
                            split = ",",
                            defaultValue = "512M",
                            description = "Memory of the VM, or several sizes (default: ${DEFAULT-VALUE}).")
                    List<MemorySize> memories,
            @Option(
                            names = "--pattern",
                            defaultValue = "random",
                            description = "Where the guest writes: random, seq or hotspot (default: ${DEFAULT-VALUE}).")
                    Pattern pattern,
            @Option(
                            names = "--linux",
                            description = "A Linux guest with a Redis and its client instead of the lab's guest.")
                    boolean linux,
            @Option(
                            names = "--times",
                            defaultValue = "3",
                            description = "Number of runs of each way (default: ${DEFAULT-VALUE}).")
                    int times)
            throws InterruptedException {
        intermediaries.forEach(number -> range("intermediaries", number, 1, 8));
        range("times", times, 1, 1000);
        Output output = Output.of(spec);
        ScatterSweep sweep = new ScatterSweep(common.setting(output), destinations, memories);
        ScatterGuest guest = linux ? ScatterGuest.linux() : ScatterGuest.writing(pattern);
        return common.end(output, sweep.run(intermediaries, guest, times), sweep.files());
    }

    @Command(
            name = "scatter-faults",
            mixinStandardHelpOptions = true,
            description = {
                "Migrates a VM by SCATTER-GATHER while an intermediary dies, is full, hangs, is slow, returns something else or is unreachable,",
                "or a host driver is killed, each before and after the source is free, and counts how often the VM survives it intact."
            },
            footer = {"", "Example:", "  lab experiment scatter-faults --times 10 --json faults.json --minutes 60"})
    int scatterFaults(
            @Mixin Common common,
            @Option(
                            names = "--dst-rate",
                            defaultValue = "60mbit",
                            description = "Rate of the link into the destination (default: ${DEFAULT-VALUE}).")
                    Bandwidth destination,
            @Option(
                            names = "--times",
                            defaultValue = "10",
                            description = "How often each fault is caused at each moment (default: ${DEFAULT-VALUE}).")
                    int times)
            throws InterruptedException {
        range("times", times, 1, 1000);
        Output output = Output.of(spec);
        return common.end(output, new ScatterFaultExperiment(common.setting(output), destination, times).run());
    }

    private static void range(String what, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException(
                    "The number of %s (%d) must be from %d to %d.".formatted(what, value, low, high));
        }
    }
}
