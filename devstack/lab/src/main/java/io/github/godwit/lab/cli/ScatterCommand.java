package io.github.godwit.lab.cli;

import io.github.godwit.lab.experiment.scatter.ScatterGuest;
import io.github.godwit.lab.experiment.scatter.ScatterSweep;
import io.github.godwit.lab.guest.GuestWorkload.Pattern;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab experiment scatter}: when the source is free. */
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
final class ScatterCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ExperimentOptions common;

    @Option(
            names = "--intermediaries",
            split = ",",
            defaultValue = "1,2,3",
            description = "Numbers of intermediaries to try (default: ${DEFAULT-VALUE}).")
    private List<Integer> intermediaries;

    @Option(
            names = "--dst-rate",
            split = ",",
            defaultValue = "60mbit",
            description =
                    "Rates of the link into the destination; with several rates or sizes each combination has a file of "
                            + "its own beside --json (default: ${DEFAULT-VALUE}).")
    private List<Bandwidth> destinations;

    @Option(
            names = "--memory",
            split = ",",
            defaultValue = "512M",
            description = "Memory of the VM, or several sizes (default: ${DEFAULT-VALUE}).")
    private List<MemorySize> memories;

    @Option(
            names = "--pattern",
            defaultValue = "random",
            description = "Where the guest writes: random, seq or hotspot (default: ${DEFAULT-VALUE}).")
    private Pattern pattern;

    @Option(names = "--linux", description = "A Linux guest with a Redis and its client instead of the lab's guest.")
    private boolean linux;

    @Option(
            names = "--times",
            defaultValue = "3",
            description = "Number of runs of each way (default: ${DEFAULT-VALUE}).")
    private int times;

    @Override
    public Integer call() throws InterruptedException {
        intermediaries.forEach(number -> ExperimentOptions.range("intermediaries", number, 1, 8));
        ExperimentOptions.range("times", times, 1, 1000);
        Output output = Output.of(spec);
        ScatterSweep sweep = new ScatterSweep(common.setting(output), destinations, memories);
        ScatterGuest guest = linux ? ScatterGuest.linux() : ScatterGuest.writing(pattern);
        return common.end(output, sweep.run(intermediaries, guest, times), sweep.files());
    }
}
