package io.github.godwit.lab.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which order of migrations is measured next: first each order once; then the three that were fastest, the three that were slowest
 * and the one that is compared with them, until each of these has been measured three times more, in turn.
 */
final class OrderPlan {

    private static final int EXTREMES = 3;
    private static final int REPEATS = 3;

    private OrderPlan() {}

    /** All orders of some names, each as the names joined by dashes. */
    static List<String> all(List<String> names) {
        if (names.isEmpty()) {
            return List.of("");
        }
        List<String> orders = new ArrayList<>();
        for (String first : names) {
            List<String> others =
                    names.stream().filter(name -> !name.equals(first)).toList();
            for (String rest : all(others)) {
                orders.add(rest.isEmpty() ? first : first + "-" + rest);
            }
        }
        return orders;
    }

    /**
     * The next order.
     *
     * @param orders all orders
     * @param ours   the order that is compared with the others, if any
     * @param runs   the times of each order so far, in the order of their measurement
     * @return empty if nothing is left to measure
     */
    static Optional<String> next(List<String> orders, Optional<String> ours, Map<String, List<Double>> runs) {
        Optional<String> unmeasured = orders.stream()
                .filter(order -> runs.getOrDefault(order, List.of()).isEmpty())
                .findFirst();
        if (unmeasured.isPresent()) {
            return unmeasured;
        }
        return compared(orders, ours, runs).stream()
                .min(Comparator.comparing(order -> runs.get(order).size()))
                .filter(order -> runs.get(order).size() <= REPEATS);
    }

    /** The extremes and ours. The first measurement decides, so that later ones do not change what is compared. */
    static Set<String> compared(List<String> orders, Optional<String> ours, Map<String, List<Double>> runs) {
        List<String> sorted = orders.stream()
                .sorted(Comparator.comparing(order -> runs.get(order).get(0)))
                .toList();
        Set<String> compared = new LinkedHashSet<>(sorted.subList(0, Math.min(EXTREMES, sorted.size())));
        compared.addAll(sorted.subList(Math.max(0, sorted.size() - EXTREMES), sorted.size()));
        ours.ifPresent(compared::add);
        return compared;
    }
}
