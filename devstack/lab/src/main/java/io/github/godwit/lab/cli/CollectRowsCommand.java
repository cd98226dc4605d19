package io.github.godwit.lab.cli;

import io.github.godwit.lab.collect.Collector;
import io.github.godwit.lab.collect.DesignRegion;
import io.github.godwit.lab.system.SystemCommands;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab collect}. */
@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        description =
                "Collects a dataset: makes labs of two hosts, migrates VMs of designed workloads back and forth by "
                        + "every technique, and appends a row for each migration to a file, one JSON object a line. Started "
                        + "again on the same file with the same seed and region it goes on where it stopped. What is measured while "
                        + "something else uses the machine is repeated, so leave it alone.",
        footer = {"", "Example:", "  lab collect --migrations 5000 --seed 1 --out rows.jsonl"})
final class CollectRowsCommand implements Callable<Integer> {

    /** Whoever builds on the machine is done by then. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Mixin
    private LabOption option;

    @Option(
            names = "--migrations",
            defaultValue = "100",
            description = "Rows that the file shall have in the end (default: ${DEFAULT-VALUE}).")
    private int migrations;

    @Option(names = "--seed", defaultValue = "1", description = "Same seed, same design (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--region",
            defaultValue = "SHORT",
            description =
                    "${COMPLETION-CANDIDATES}: short migrations, longer ones, and slow ones of many seconds; busy, "
                            + "quick and heavy (seconds) are of VMs that write as fast as the link, many of which do not "
                            + "end (default: ${DEFAULT-VALUE}).")
    private DesignRegion region;

    @Option(
            names = "--times",
            defaultValue = "1",
            description = "How often each VM is migrated by each technique each way (default: ${DEFAULT-VALUE}).")
    private int times;

    @Option(
            names = "--minutes",
            description = "Stop after so many minutes; started again, it continues (default: no limit).")
    private Integer minutes;

    @Option(names = "--out", required = true, description = "File to append to.")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        if (migrations < 1) {
            throw new IllegalArgumentException("The number of migrations (%d) must be positive.".formatted(migrations));
        }
        if (times < 1) {
            throw new IllegalArgumentException("The number of times (%d) must be positive.".formatted(times));
        }
        if (minutes != null && minutes < 1) {
            throw new IllegalArgumentException("The number of minutes (%d) must be positive.".formatted(minutes));
        }
        Duration limit = minutes == null ? Duration.ofDays(365) : Duration.ofMinutes(minutes);
        Output output = Output.of(spec);
        int failed = new Collector(option.name(), new SystemCommands(), PATIENCE, output::say)
                .collect(migrations, region, seed, times, limit, file);
        output.say(
                failed == 0
                        ? "Every migration gave a row."
                        : "%d migrations gave no outcome; start again to try them once more.".formatted(failed));
        return failed == 0 ? 0 : 1;
    }
}
