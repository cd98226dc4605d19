package io.github.godwit.strategy.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.PostCopyUse;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueTerms;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
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
        description = "Lists the SLO policies: those that ship, those of a file, or those of a running service.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  godwit-strategy policies",
            "  godwit-strategy policies --policies my.yaml --json",
            "  godwit-strategy policies --service http://127.0.0.1:9322"
        })
final class PoliciesCommand implements Callable<Integer> {

    @Spec
    private CommandSpec command;

    @Mixin
    private PolicySource policies;

    @Mixin
    private ServiceAddress service;

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = command.commandLine().getOut();
        if (asJson) {
            out.println(
                    WireJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(Map.of("policies", read())));
        } else {
            for (SloPolicy policy : read()) {
                out.println(
                        "%-22s %s".formatted(policy.name(), "(%s%s)".formatted(policy.scenario(), version(policy))));
                out.println("    SLOs      " + slos(policy));
                out.println("    optimises " + optimised(policy));
                techniques(policy.techniques()).forEach(line -> out.println("    " + line));
            }
        }
        out.flush();
        return 0;
    }

    private List<SloPolicy> read() throws IOException, InterruptedException {
        if (!service.isGiven()) {
            return List.copyOf(policies.read().all());
        }
        List<SloPolicy> ofService = new ArrayList<>();
        for (JsonNode policy : service.call("GET", "/godwit/v1/policies", null).path("policies")) {
            ((ObjectNode) policy).remove("created_at");
            ofService.add(WireJson.mapper().treeToValue(policy, SloPolicy.class));
        }
        return ofService;
    }

    private static String version(SloPolicy policy) {
        return policy.version() == 0 ? "" : ", version " + policy.version();
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
