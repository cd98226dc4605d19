package io.github.godwit.lab.cli;

import io.github.godwit.lab.collect.CollectionPlan;
import io.github.godwit.lab.collect.Collector;
import io.github.godwit.lab.collect.DesignRegion;
import io.github.godwit.lab.system.SystemCommands;
import io.github.godwit.model.profile.Hypervisor;
import io.github.godwit.model.technique.Technique;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code lab collect}: collects a dataset of real migrations. */
@Command(
        name = "collect",
        mixinStandardHelpOptions = true,
        description =
                "Collects a dataset: creates labs of two hosts, migrates VMs with designed workloads back and forth by "
                        + "every technique, and appends a row for each migration to a file, one JSON object a line. Started "
                        + "again on the same file with the same seed and region it continues where it stopped. A measurement is "
                        + "repeated when other processes use the machine meanwhile, so leave the machine idle.",
        footer = {
            "",
            "Examples:",
            "  lab collect --migrations 5000 --seed 1 --out rows.jsonl",
            "  lab collect --region QUICK --techniques PRE,THR,DCdlt --watched --minutes 60 --migrations 2000 --out watched.jsonl"
        })
final class CollectRowsCommand implements Callable<Integer> {

    @Mixin
    private LabOption option;

    @Option(
            names = "--migrations",
            defaultValue = "100",
            description = "Number of rows in the file at the end (default: ${DEFAULT-VALUE}).")
    private int migrations;

    @Option(
            names = "--seed",
            defaultValue = "1",
            description = "Seed of the design; the same seed gives the same design (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--region",
            defaultValue = "SHORT",
            description =
                    "${COMPLETION-CANDIDATES}: short migrations, longer ones, and slow ones of many seconds; BUSY, "
                            + "QUICK and HEAVY (seconds) are of VMs that write as fast as the link; many of them do not "
                            + "converge; LARGE is of VMs with up to 4 GiB and 4 vCPUs (default: ${DEFAULT-VALUE}).")
    private DesignRegion region;

    @Option(
            names = "--times",
            defaultValue = "1",
            description =
                    "How often each VM is migrated by each technique in each direction (default: ${DEFAULT-VALUE}).")
    private int times;

    @Option(
            names = "--techniques",
            split = ",",
            paramLabel = "TECHNIQUE",
            description = "Only these techniques (default: all that the lab's QEMU supports).")
    private List<Technique> techniques = List.of();

    @Option(
            names = "--watched",
            description =
                    "Also migrate each VM by these techniques so that it may be switched to post-copy while it migrates, as far as QEMU can "
                            + "combine both. The ids of these rows end in -watched.")
    private boolean watched;

    @Option(
            names = "--patience",
            defaultValue = "600",
            paramLabel = "SECONDS",
            description =
                    "How long to wait at a time for an idle machine; after that, rows are measured all the same and marked as disturbed "
                            + "(default: ${DEFAULT-VALUE}).")
    private int patience;

    @Option(
            names = "--minutes",
            description = "Stop after this many minutes; the next run continues (default: no limit).")
    private Integer minutes;

    @Option(
            names = "--hypervisor",
            defaultValue = "qemu",
            description = "qemu or libvirt, which migrates the VMs of its rows (default: ${DEFAULT-VALUE}).")
    private Hypervisor hypervisor;

    @Option(
            names = "--qemu",
            paramLabel = "PROGRAM",
            description =
                    "QEMU's program on both hosts, for example of 'devstack/qemu bookworm'; the ids of its rows name its release "
                            + "(default: the machine's qemu-system-x86_64).")
    private String qemu;

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
        if (patience < 0) {
            throw new IllegalArgumentException("The patience (%d s) must not be negative.".formatted(patience));
        }
        Duration limit = minutes == null ? Duration.ofDays(365) : Duration.ofMinutes(minutes);
        Output output = Output.of(spec);
        int failed = new Collector(option.name(), new SystemCommands(), Duration.ofSeconds(patience), output::say)
                .collect(
                        new CollectionPlan(region, seed, times, techniques, watched, hypervisor, qemu),
                        migrations,
                        limit,
                        file);
        output.say(
                failed == 0
                        ? "Every migration has a row."
                        : "%d migrations have no outcome. Run the command again to repeat them.".formatted(failed));
        return failed == 0 ? 0 : 1;
    }
}
