package io.github.godwit.training.cli;

import io.github.godwit.model.proxy.PerformanceProxy;
import io.github.godwit.model.proxy.ProxyTrust;
import io.github.godwit.training.proxy.ProxyEvaluation;
import io.github.godwit.training.proxy.ProxyScore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-train perf-proxy}: how well PERF is known from outside of the guest. */
@Command(
        name = "perf-proxy",
        mixinStandardHelpOptions = true,
        description = {
            "Compares proxies of PERF, which host drivers record from outside of the guest, with PERF by the guest's heartbeats: geometric mean "
                    + "of the relative errors (GMRE), Spearman's rank correlation and mean difference, by families of techniques.",
            "Needs rows of guests with heartbeats, as 'godwit-train collect' writes them. Under Nova no guest has them; there the proxy is "
                    + "learned as PERF where this comparison, made once for the shipped program, says that it ranks migrations alike."
        },
        footer = {"", "Example:", "  godwit-train perf-proxy --rows rows.jsonl --json perf-proxy.json"})
final class PerfProxyCommand implements Callable<Integer> {

    @Mixin
    private RowsOption rows;

    @Option(
            names = "--undisturbed",
            description =
                    "Leave out rows that other load disturbed. By default they count, because other load is usual on a hypervisor.")
    private boolean undisturbed;

    @Option(names = "--json", paramLabel = "FILE", description = "Also write the results to this file as JSON.")
    private Path json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Printing printing = Printing.of(spec);
        List<ProxyEvaluation> evaluations = ProxyEvaluation.of(rows.rows().stream()
                .filter(row -> !undisturbed || row.undisturbed())
                .toList());
        if (evaluations.isEmpty()) {
            throw new IOException(
                    "No row has both heartbeats and how long the vCPUs ran. Collect new rows with 'godwit-train collect'.");
        }
        for (ProxyEvaluation evaluation : evaluations) {
            print(printing, evaluation);
        }
        Printing.json(json, evaluations);
        return 0;
    }

    private static void print(Printing printing, ProxyEvaluation evaluation) {
        printing.print("proxies of PERF against heartbeats, %d migrations under %s"
                .formatted(evaluation.rows(), evaluation.accelerator()));
        printing.print(
                "  %-14s %-22s %6s %7s %9s %7s".formatted("techniques", "proxy", "rows", "GMRE", "Spearman", "bias"));
        for (ProxyScore score : evaluation.scores()) {
            printing.print("  %-14s %-22s %6d %7.3f %9.3f %+7.3f%s"
                    .formatted(
                            score.techniques(),
                            score.proxy(),
                            score.rows(),
                            score.gmre(),
                            score.correlation(),
                            score.bias(),
                            score.proxy() == PerformanceProxy.RECORDED ? "  recorded" : ""));
        }
        printing.print("  Learned as PERF where the rank correlation is at least %.1f: %s"
                .formatted(ProxyTrust.LEAST_CORRELATION, learned(evaluation)));
    }

    /** What the program learns now, which an evaluation does not change. */
    private static String learned(ProxyEvaluation evaluation) {
        List<String> families = ProxyTrust.MEASURED.stream()
                .filter(trust -> trust.accelerator() == evaluation.accelerator() && trust.suffices())
                .map(trust -> trust.family().name())
                .toList();
        return families.isEmpty() ? "nothing" : String.join(", ", families);
    }
}
