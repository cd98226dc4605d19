package io.github.godwit.lab.cli;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.PostcopyRecovery;
import io.github.godwit.hostapi.scatter.ScatterOrder;
import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.run.LabMigration;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lab migrate}: migrates a VM and checks its guest's memory. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = "Migrates a VM and has its guest check its memory. Corrupted memory counts as a failure.",
        footer = {
            "",
            "Examples:",
            "  lab migrate db --to h2 --technique POST",
            "  lab migrate db --to h2 --policy ensure_performance --reserve 600mbit --json"
        })
final class MigrateCommand implements Callable<Integer> {

    private static final String DEFAULT_POLICY = "ensure_performance";

    @Mixin
    private LabOption option;

    @Parameters(paramLabel = "NAME", description = "The VM.")
    private String name;

    @Option(names = "--to", required = true, description = "Destination host.")
    private String destination;

    @ArgGroup
    private How how = new How();

    /** At most one of the two. */
    static final class How {
        @Option(
                names = "--technique",
                description = "Technique: PRE, POST, PRE-POST, THR, DCdlt, DCZstd, DCZlib, MULTIFD, …")
        private Technique technique;

        @Option(
                names = "--policy",
                description =
                        "Let Godwit choose the technique under this policy (default without --technique: ensure_performance).")
        private String policy;
    }

    @Option(
            names = "--copies",
            description =
                    "On how many intermediaries each page of SCATTER-GATHER is stored (default: 2, or 1 where there is one).")
    private Integer copies;

    @Option(names = "--zstd", description = "Have SCATTER-GATHER compress pages on their way to the intermediaries.")
    private boolean zstd;

    @Option(names = "--reserve", description = "Bandwidth to reserve on both hosts, for example 600mbit.")
    private Bandwidth reservation;

    @Option(names = "--time-limit", description = "Seconds after which the migration is cancelled (default: 300).")
    private Integer timeLimit;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Output output = Output.of(spec);
        Lab lab = option.require();
        String policy = how.technique == null && how.policy == null ? DEFAULT_POLICY : how.policy;
        LabMigration.Request request = new LabMigration.Request(
                name,
                destination,
                how.technique,
                policy,
                reservation,
                timeLimit == null ? null : Duration.ofSeconds(timeLimit),
                null,
                copies == null && !zstd ? null : new ScatterOrder(null, copies, zstd));
        LabMigration.Result result = new LabMigration(lab).migrate(request, event -> output.say(line(event)));
        if (json) {
            output.json(result);
        } else {
            print(output, result);
        }
        return result.status().phase() == Phase.COMPLETED && result.guestVerified() ? 0 : 1;
    }

    private static String line(MigrationEvent event) {
        Progress progress = event.status().progress();
        if (!event.message().isEmpty() || progress == null) {
            return "%-10s %s".formatted(event.phase(), event.message());
        }
        return "%-10s %5.1f s, %6.1f MB sent, %6.1f MB to go, %.0f MB/s dirtied, throttle %d %%"
                .formatted(
                        event.phase(),
                        progress.elapsedMillis() / 1e3,
                        progress.transferredBytes() / 1e6,
                        progress.remainingBytes() / 1e6,
                        progress.dirtyPagesPerSecond() * 4096 / 1e6,
                        progress.throttlePercent());
    }

    private static void print(Output output, LabMigration.Result result) {
        Outcome outcome = result.status().outcome();
        output.print("%s: %s from %s to %s by %s"
                .formatted(
                        result.status().phase(),
                        result.status().vm(),
                        result.status().source(),
                        result.status().destination(),
                        result.status().technique()));
        if (result.status().error() != null) {
            output.print("  " + result.status().error());
        }
        PostcopyRecovery recovery = result.status().recovery();
        if (recovery != null) {
            output.print("  %s; it was made again: %d of %d times, attempts: %d"
                    .formatted(recovery.clause(), recovery.recovered(), recovery.breaks(), recovery.attempts()));
        }
        if (outcome != null) {
            output.print("  " + outcome.reason());
            if (outcome.gathering() != null) {
                output.print(
                        "  The source was free after %.1f s (%d intermediaries, copies: %d); a page that the VM asked for came after %.1f ms (median of %d)"
                                .formatted(
                                        outcome.gathering().evictionMillis() / 1e3,
                                        outcome.gathering().intermediaries(),
                                        outcome.gathering().copies(),
                                        outcome.gathering().medianMillis(),
                                        outcome.gathering().asked()));
            }
            output.print("  %-18s %14s %14s".formatted("", "predicted", "measured"));
            if (outcome.gathering() != null) {
                output.print("  %-18s %14s %14s"
                        .formatted(
                                "source free",
                                Metric.TOTAL_TIME.format(
                                        outcome.prediction().sourceFree().value()),
                                Metric.TOTAL_TIME.format(outcome.gathering().evictionMillis())));
            }
            for (Metric metric : Metric.values()) {
                Double measured = outcome.metrics().get(metric);
                output.print("  %-18s %14s %14s"
                        .formatted(
                                metric.description(),
                                metric.format(outcome.prediction().value(metric)),
                                measured == null ? "-" : metric.format(measured)));
            }
            if (outcome.perfProxy() != null) {
                output.print("  performance kept, proxy from outside of the guest: %s"
                        .formatted(Metric.PERFORMANCE.format(outcome.perfProxy())));
            }
            Double reported = outcome.measured().get(Metric.DOWNTIME);
            if (reported != null) {
                output.print("  downtime as QEMU counts it: %s".formatted(Metric.DOWNTIME.format(reported)));
            }
            output.print("  longest gap in the guest's work: %.0f ms; heartbeats lost: %d"
                    .formatted(outcome.serviceDowntimeMillis(), outcome.heartbeatsLost()));
            outcome.notes().forEach(note -> output.print("  note: " + note));
        }
        if (result.service() != null) {
            print(output, result.service());
        }
        output.print("  guest: " + result.guest());
    }

    private static void print(Output output, ClientReport service) {
        output.print("  service downtime at the client of %s: %.0f ms; of the network alone %.0f ms"
                .formatted(service.workload(), service.serviceDowntimeMillis(), service.networkGapMillis()));
        output.print("  the client got %.1f %s before, %.1f during and %.1f after the migration; connections lost: %d"
                .formatted(
                        service.rateBefore(),
                        service.unit(),
                        service.rateDuring(),
                        service.rateAfter(),
                        service.errors()));
    }
}
