package io.github.godwit.lab.cli;

import io.github.godwit.lab.experiment.scatter.ScatterFaultExperiment;
import io.github.godwit.model.unit.Bandwidth;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab experiment scatter-faults}: what SCATTER-GATHER survives. */
@Command(
        name = "scatter-faults",
        mixinStandardHelpOptions = true,
        description = {
            "Migrates a VM by SCATTER-GATHER while an intermediary dies, is full, hangs, is slow, returns something else or is unreachable,",
            "the link between the hosts is cut, or a host driver is killed, each before and after the source is free, and counts how often"
                    + " the VM survives it intact."
        },
        footer = {"", "Example:", "  lab experiment scatter-faults --times 10 --json faults.json --minutes 60"})
final class ScatterFaultsCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ExperimentOptions common;

    @Option(
            names = "--dst-rate",
            defaultValue = "60mbit",
            description = "Rate of the link into the destination (default: ${DEFAULT-VALUE}).")
    private Bandwidth destination;

    @Option(
            names = "--times",
            defaultValue = "10",
            description = "How often each fault is caused at each moment (default: ${DEFAULT-VALUE}).")
    private int times;

    @Override
    public Integer call() throws InterruptedException {
        ExperimentOptions.range("times", times, 1, 1000);
        Output output = Output.of(spec);
        return common.end(output, new ScatterFaultExperiment(common.setting(output), destination, times).run());
    }
}
