package io.github.godwit.lab.cli;

import io.github.godwit.lab.LabException;
import io.github.godwit.lab.run.Measurement;
import io.github.godwit.lab.run.WorkloadSpace;
import io.github.godwit.model.Technique;
import io.github.godwit.model.api.Outcome;
import io.github.godwit.nova.WireFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab measure}. */
@Command(
        name = "measure",
        mixinStandardHelpOptions = true,
        description = "Migrates VMs of many workloads, each by every technique that is named, and appends what each "
                + "migration cost to a file, one JSON object a line. Needs a lab without VMs.",
        footer = {"", "Example:", "  lab measure --cases 30 --out rows.jsonl"})
final class MeasureCommand implements Callable<Integer> {

    @Mixin
    private LabOption option;

    @Option(names = "--cases", defaultValue = "30", description = "Number of workloads (default: ${DEFAULT-VALUE}).")
    private int cases;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Same seed, same workloads (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--techniques",
            split = ",",
            defaultValue = "PRE,POST",
            description = "Techniques to run (default: ${DEFAULT-VALUE}).")
    private List<Technique> techniques;

    @Option(
            names = "--time-limit",
            defaultValue = "40",
            description = "Seconds after which a migration counts as not converging (default: ${DEFAULT-VALUE}).")
    private int timeLimit;

    @Option(names = "--out", required = true, description = "File to append to.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (cases < 1 || timeLimit < 1) {
            throw new IllegalArgumentException(
                    "The cases (%d) and the time limit (%d) must be positive.".formatted(cases, timeLimit));
        }
        Output output = Output.of(spec);
        try (Writer writer = Files.newBufferedWriter(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            int failed = new Measurement(option.require(), output::say)
                    .run(
                            WorkloadSpace.cases(cases, seed),
                            techniques,
                            Duration.ofSeconds(timeLimit),
                            outcome -> append(writer, outcome));
            output.say("Written to %s".formatted(file));
            return failed == 0 ? 0 : 1;
        } catch (IOException e) {
            throw new LabException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static void append(Writer writer, Outcome outcome) {
        try {
            writer.write(WireFormat.mapper().writeValueAsString(outcome));
            writer.write('\n');
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
