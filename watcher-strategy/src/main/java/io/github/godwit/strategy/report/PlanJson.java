package io.github.godwit.strategy.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.strategy.report.PlanReport.Entry;
import java.util.function.Function;

/**
 * The report as JSON:
 * <pre>
 * {"migrations": [{"vm", "from", "to", "technique", "policy", "reason", "predicted": {"TT", "DT", "TD", "PERF", "CPU", "MEM"},
 *   "measured": {the same, null for a metric that was not measured}, "violations": [metrics], "guest_verified": true|false|null,
 *   "reserved_mbit": number|null, "end": "completed"|"failed"|"cancelled"|"not started",
 *   "perf_proxy": a proxy of PERF from outside of the guest|null, "error": only if there is one}],
 *  "verdict", "dry_run", "notes": []}
 * </pre>
 * Values have the units of {@link Metric}. A dry run has neither {@code measured}, {@code perf_proxy} nor {@code end}.
 */
public final class PlanJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PlanJson() {}

    /** The report as indented JSON text. */
    public static String write(PlanReport report) {
        ObjectNode root = NODES.objectNode();
        ArrayNode migrations = root.putArray("migrations");
        report.entries()
                .forEach(
                        entry -> migrations.add(migration(entry, report.policy().name())));
        root.put("verdict", report.verdict());
        root.put("dry_run", report.dryRun());
        ArrayNode notes = root.putArray("notes");
        report.unplanned().forEach(notes::add);
        report.omitted().forEach(notes::add);
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The report could not be written as JSON.", e);
        }
    }

    private static ObjectNode migration(Entry entry, String policy) {
        ObjectNode node = NODES.objectNode();
        node.put("vm", entry.vm());
        node.put("from", entry.from());
        node.put("to", entry.to());
        node.put("technique", entry.technique().id());
        node.put("policy", policy);
        node.put("reason", entry.reason());
        node.set("predicted", metrics(metric -> entry.prediction().value(metric)));
        if (entry.end().isPresent()) {
            node.set("measured", metrics(metric -> entry.measured().get(metric)));
        }
        ArrayNode violations = node.putArray("violations");
        entry.violated().forEach(slo -> violations.add(slo.metric().id()));
        node.put("guest_verified", entry.guestVerified().orElse(null));
        node.put(
                "reserved_mbit",
                entry.reservation().map(bandwidth -> bandwidth.megabits()).orElse(null));
        entry.end().ifPresent(end -> {
            node.put("end", end.toString());
            node.put("perf_proxy", entry.perfProxy().orElse(null));
        });
        if (!entry.error().isEmpty()) {
            node.put("error", entry.error());
        }
        return node;
    }

    private static ObjectNode metrics(Function<Metric, Double> value) {
        ObjectNode node = NODES.objectNode();
        for (Metric metric : Metric.values()) {
            node.put(metric.id(), value.apply(metric));
        }
        return node;
    }
}
