package io.github.godwit.strategy.cli;

import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.strategy.plan.MoveDecision;
import io.github.godwit.strategy.replay.AuditIntervals;
import io.github.godwit.strategy.replay.ClusterSize;
import io.github.godwit.strategy.replay.LoadReplay;
import io.github.godwit.strategy.replay.LoadTrace;
import io.github.godwit.strategy.replay.ReplayReport;
import io.github.godwit.strategy.replay.RuleSnapshots;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy replay-load}: what audits would do over days of recorded load. */
@Command(
        name = "replay-load",
        description = {
            "Steps audits over days of recorded load, and counts moves, moves that are undone, and minutes in which hosts are hot: "
                    + "Godwit's hotspot mitigation and consolidation, and OpenStack Watcher's rules workload_stabilization and "
                    + "vm_workload_consolidation.",
            "The decisions are those of the service. Hosts and migrations are simulated; docs/replay.md says how."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  godwit-strategy replay-load --trace watcher-strategy/data/bitbrains/bitbrains-50.csv.gz --json replay.json",
            "  400 VMs drawn from the trace, on 20 hosts, over the first week:",
            "    godwit-strategy replay-load --trace watcher-strategy/data/bitbrains/bitbrains-50.csv.gz \\",
            "        --vms 400 --seed 7 --hosts 20 --days 7"
        })
final class ReplayLoadCommand implements Callable<Integer> {

    private static final String POLICY = "ensure_performance";
    private static final Duration TIME_LIMIT = Duration.ofMinutes(5);

    @Spec
    private CommandSpec command;

    @Option(
            names = "--trace",
            required = true,
            paramLabel = "FILE",
            description = "The load of VMs, as CSV, also compressed (.gz); docs/replay.md describes the form.")
    private Path trace;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file, as JSON.")
    private Path json;

    @Option(
            names = "--vms",
            paramLabel = "N",
            description = "Draw so many VMs whose loads are like those of the trace, instead of the VMs of the trace.")
    private Integer vms;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description =
                    "What is drawn depends on it: VMs, and hosts in workload_stabilization (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--hosts",
            paramLabel = "N",
            description = "Number of hosts (default: so many that they are loaded to 30 %% on average).")
    private Integer hosts;

    @Option(
            names = "--cores",
            defaultValue = "32",
            paramLabel = "N",
            description = "Cores of each host (default: ${DEFAULT-VALUE}).")
    private int cores;

    @Option(
            names = "--memory",
            defaultValue = "512",
            paramLabel = "GIB",
            description = "Memory of each host, in GiB (default: ${DEFAULT-VALUE}).")
    private int memory;

    @Option(
            names = "--from-day",
            defaultValue = "1",
            paramLabel = "N",
            description = "First day of the trace (default: ${DEFAULT-VALUE}).")
    private int fromDay;

    @Option(names = "--days", paramLabel = "N", description = "Number of days (default: to the end of the trace).")
    private Integer days;

    @Option(
            names = "--balance-interval",
            defaultValue = "5m",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Interval of the audits against hotspots and for balance (default: ${DEFAULT-VALUE}).")
    private Duration balanceInterval;

    @Option(
            names = "--consolidation-interval",
            defaultValue = "1h",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Interval of the audits for consolidation (default: ${DEFAULT-VALUE}).")
    private Duration consolidationInterval;

    @Option(
            names = "--snapshots",
            paramLabel = "FILE",
            description = {
                "Instead of a replay, write 50 snapshots with what Watcher's rules want in each, as JSON.",
                "devstack/watcher-rules compares them with Watcher's own classes."
            })
    private Path snapshots;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            LoadTrace load = load();
            ClusterSize size =
                    hosts == null ? ClusterSize.forLoad(load, cores, memory) : new ClusterSize(hosts, cores, memory);
            AuditIntervals intervals = new AuditIntervals(balanceInterval, consolidationInterval);
            if (snapshots != null) {
                Files.writeString(
                        snapshots,
                        new RuleSnapshots(load, size, intervals, seed).json().toPrettyString());
                return 0;
            }
            SloPolicy policy = SloPolicies.shipped().get(POLICY);
            ReplayReport report = new LoadReplay(
                            load,
                            size,
                            intervals,
                            new MoveDecision(ShippedModel.predictor(), policy, ReservationTerms.DEFAULT, TIME_LIMIT),
                            seed,
                            this::progress)
                    .run();
            if (json != null) {
                Files.writeString(json, report.json().toPrettyString());
            }
            PrintWriter out = command.commandLine().getOut();
            out.print(report.table());
            out.flush();
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }

    private LoadTrace load() throws IOException {
        LoadTrace all = LoadTrace.read(trace);
        LoadTrace part = fromDay == 1 && days == null ? all : all.days(fromDay, days == null ? all.steps() : days);
        return vms == null ? part : part.drawn(vms, seed);
    }

    private void progress(String contender, int day, int of) {
        if (day == of || day % 5 == 0) {
            PrintWriter err = command.commandLine().getErr();
            err.println("%s: day %d of %d".formatted(contender, day, of));
            err.flush();
        }
    }
}
