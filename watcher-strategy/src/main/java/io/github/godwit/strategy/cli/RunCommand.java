package io.github.godwit.strategy.cli;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.strategy.objects.ActionPlan.OnFailure;
import io.github.godwit.strategy.report.PlanJson;
import io.github.godwit.strategy.report.PlanReport;
import io.github.godwit.strategy.report.PlanTable;
import io.github.godwit.strategy.run.ProgressLines;
import io.github.godwit.strategy.run.RunConfig;
import io.github.godwit.strategy.run.StrategyRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy run}: one run of a strategy. */
@Command(
        name = "run",
        description =
                "Samples the hosts, decides which VMs to migrate, plans each migration, runs the plan and prints a report.",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Exit code: 0 if all migrations succeeded or none was needed, 1 if something failed, 2 on wrong usage.",
            "Ctrl-C cancels the running migrations; the others do not begin.",
            "",
            "Examples:",
            "  Print the plan, based on one sample, and migrate nothing:",
            "    godwit-strategy run --strategy hotspot --policy ensure_performance --dry-run \\",
            "        --hosts http://10.0.0.1:9622,http://10.0.0.2:9622 --samples 1 --hot-samples 1",
            "  Migrate, to two hosts that are reserved for this purpose, and write a JSON report:",
            "    godwit-strategy run --strategy hotspot --policy save_traffic --json report.json \\",
            "        --hosts http://10.0.0.1:9622,http://10.0.0.2:9622,http://10.0.0.3:9622 \\",
            "        --token-file /etc/godwit/token --destination-policy fallback:h2,h3"
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private HostDriverOptions hostDrivers;

    @Mixin
    private StrategyOptions strategy;

    @Option(
            names = "--policy",
            required = true,
            paramLabel = "NAME",
            description = "SLO policy by which techniques are chosen; 'godwit-strategy policies' lists them.")
    private String policyName;

    @Mixin
    private PolicySource policies;

    @Option(names = "--dry-run", description = "Print the plan with its predictions, but migrate nothing.")
    private boolean dryRun;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the report to this file, as JSON.")
    private Path jsonFile;

    @Option(
            names = "--urgency",
            defaultValue = "medium",
            paramLabel = "LEVEL",
            description =
                    "How much bandwidth migrations get on a busy link: high, medium or low (default: ${DEFAULT-VALUE}).")
    private Urgency urgency;

    @Mixin
    private BandwidthOption bandwidth;

    @Option(
            names = "--time-limit",
            defaultValue = "5m",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Cancel a migration that takes longer (default: ${DEFAULT-VALUE}).")
    private Duration timeLimit;

    @Option(
            names = "--parallel",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "Maximum number of migrations at a time; the schedule decides how many are best (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Option(names = "--go-on", description = "Continue with the next migration after one failed.")
    private boolean goOn;

    @Override
    public Integer call() throws InterruptedException, IOException {
        StrategyRun run = prepared();
        InterruptOnShutdown guard = InterruptOnShutdown.of(Thread.currentThread());
        try {
            PlanReport report = run.run();
            boolean interrupted = Thread.interrupted(); // with the flag set, the file could not be written
            print(report);
            return report.succeeded() && !interrupted ? 0 : 1;
        } finally {
            guard.close();
        }
    }

    /** Checks all options before the first request to a host driver. */
    private StrategyRun prepared() throws IOException {
        try {
            SloPolicy policy = policies.read().get(policyName);
            HotspotRule rule = strategy.rule();
            RunConfig config = new RunConfig(
                    rule.samples(),
                    rule.sampleInterval(),
                    dryRun,
                    ReservationTerms.DEFAULT.withUrgency(urgency),
                    goOn ? OnFailure.GO_ON : OnFailure.STOP,
                    timeLimit,
                    parallel);
            if (jsonFile != null) {
                requireWritable(jsonFile);
            }
            PrintWriter err = command.commandLine().getErr();
            return new StrategyRun(
                    hostDrivers.clients(),
                    strategy.strategy(),
                    policy,
                    ShippedModel.predictor(),
                    config,
                    new ProgressLines(line -> {
                        err.println(line);
                        err.flush();
                    }),
                    bandwidth.model());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private static void requireWritable(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder) || Files.isDirectory(file)) {
            throw new IllegalArgumentException(
                    "The report cannot be written to %s. Choose a file in an existing, writable directory."
                            .formatted(file));
        }
    }

    private void print(PlanReport report) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        out.print(PlanTable.write(report));
        out.flush();
        if (jsonFile != null) {
            Files.writeString(jsonFile, PlanJson.write(report));
        }
    }
}
