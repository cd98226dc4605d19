package io.github.godwit.lab.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares Godwit's order with the best and the worst. These are found among the orders that {@link OrderPlan} measures repeatedly: one
 * that was measured once may be the best by chance.
 */
final class OrderTable {

    private OrderTable() {}

    static TextTable of(JsonNode results) {
        TextTable table = new TextTable(2, List.of("", "order", "runs", "total, s", "ratio"));
        Map<String, List<Double>> runs = OrderExperiment.runs(results);
        Map<String, Double> medians = new LinkedHashMap<>();
        results.path("orders")
                .forEach(order -> medians.put(
                        order.path("order").asText(), order.path("tmt_s").asDouble()));
        Optional<String> ours = OrderExperiment.ours(results).filter(runs::containsKey);
        Set<String> compared = OrderPlan.compared(new ArrayList<>(medians.keySet()), ours, runs);
        Comparator<String> byMedian =
                Comparator.<String, Double>comparing(medians::get).thenComparing(order -> order);
        compared.stream().min(byMedian).ifPresent(best -> {
            String worst = compared.stream().max(byMedian).orElse(best);
            double fastest = medians.get(best);
            double slowest = medians.get(worst);
            table.add(row("best", best, runs, fastest, ""));
            ours.ifPresent(order -> table.add(row(
                    "godwit",
                    order,
                    runs,
                    medians.get(order),
                    "godwit/best " + TextTable.number(medians.get(order) / fastest, 2))));
            table.add(row(
                    "worst",
                    worst,
                    runs,
                    slowest,
                    ours.map(order -> "worst/godwit " + TextTable.number(slowest / medians.get(order), 2))
                            .orElse("")));
        });
        return table;
    }

    private static List<String> row(
            String what, String order, Map<String, List<Double>> runs, double seconds, String ratio) {
        return List.of(what, order, Integer.toString(runs.get(order).size()), TextTable.number(seconds, 1), ratio);
    }
}
