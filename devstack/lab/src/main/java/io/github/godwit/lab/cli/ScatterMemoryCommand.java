package io.github.godwit.lab.cli;

import io.github.godwit.lab.experiment.scatter.ScatterMemoryExperiment;
import io.github.godwit.model.unit.MemorySize;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab experiment scatter-memory}: whether SCATTER-GATHER leaves each page as it was. */
@Command(
        name = "scatter-memory",
        mixinStandardHelpOptions = true,
        description = {
            "Migrates VMs to and fro by SCATTER-GATHER, and has their guests check their memory each time: the lab's guest with each pattern of",
            "writes, and a Linux guest, in turn, with one to three intermediaries, one or two copies, and compressed or not."
        },
        footer = {
            "",
            "Example:",
            "  lab experiment scatter-memory --times 200 --link 1gbit --json memory.json --minutes 60"
        })
final class ScatterMemoryCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private ExperimentOptions common;

    @Option(names = "--memory", defaultValue = "256M", description = "Memory of each VM (default: ${DEFAULT-VALUE}).")
    private MemorySize memory;

    @Option(names = "--times", defaultValue = "200", description = "Number of migrations (default: ${DEFAULT-VALUE}).")
    private int times;

    @Override
    public Integer call() throws InterruptedException {
        ExperimentOptions.range("times", times, 1, 100_000);
        Output output = Output.of(spec);
        return common.end(output, new ScatterMemoryExperiment(common.setting(output), memory, times).run());
    }
}
