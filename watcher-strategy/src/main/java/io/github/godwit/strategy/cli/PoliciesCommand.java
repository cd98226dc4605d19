package io.github.godwit.strategy.cli;

import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.PostCopyUse;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueTerms;
import io.github.godwit.model.technique.Technique;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code godwit-strategy policies}: lists the SLO policies. */
@Command(
        name = "policies",
        description = "Lists the SLO policies.",
        mixinStandardHelpOptions = true,
        footer = {"", "Examples:", "  godwit-strategy policies", "  godwit-strategy policies --policies my.yaml --json"
        })
final class PoliciesCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private PolicySource policies;

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        if (asJson) {
            out.println(WireJson.mapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(Map.of("policies", policies.read().all())));
        } else {
            for (SloPolicy policy : policies.read().all()) {
                out.println("%-22s %s".formatted(policy.name(), "(" + policy.scenario() + ")"));
                out.println("    SLOs      " + slos(policy));
                out.println("    optimises " + optimised(policy));
                techniques(policy.techniques()).forEach(line -> out.println("    " + line));
            }
        }
        out.flush();
        return 0;
    }

    private static String slos(SloPolicy policy) {
        String slos = policy.slos().stream()
                .map(slo -> "%s %s %s (weight %s)"
                        .formatted(
                                slo.metric(),
                                slo.metric().bound() == Metric.Bound.UPPER ? "<=" : ">=",
                                slo.metric().format(slo.threshold()),
                                slo.weight()))
                .collect(Collectors.joining(", "));
        return slos.isEmpty() ? "none" : slos;
    }

    private static List<String> techniques(TechniqueTerms terms) {
        List<String> lines = new ArrayList<>();
        if (!terms.allow().isEmpty()) {
            lines.add("allows    only " + ids(terms.allow()));
        }
        if (!terms.forbid().isEmpty()) {
            lines.add("forbids   " + ids(terms.forbid()));
        }
        if (terms.postcopy() != PostCopyUse.FREE) {
            lines.add("post-copy " + terms.postcopy());
        }
        return lines;
    }

    private static String ids(Set<Technique> techniques) {
        return techniques.stream().map(Technique::id).collect(Collectors.joining(", "));
    }

    private static String optimised(SloPolicy policy) {
        return policy.optimize().entrySet().stream()
                .map(entry ->
                        entry.getKey() + (policy.optimize().size() > 1 ? " (weight " + entry.getValue() + ")" : ""))
                .collect(Collectors.joining(", "));
    }
}
