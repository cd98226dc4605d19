package io.github.godwit.strategy.load;

import io.github.godwit.nova.Prometheus.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The figures of one metric: at most one for each host or VM, and why some have none although there are series.
 *
 * <p>Several series of the same host or VM come from an exporter that is scraped twice, from a pair of Prometheus, or from a federation. They
 * are never added. If they agree ({@link LoadMetric#agree}), the largest one counts; if not, none does, and only this host or VM loses its
 * figure. Of the series of a VM, those from its own host count, if there are any: it may have just left another one.
 *
 * @param values   the figures by the name of the host or VM
 * @param troubles why others have none
 */
record Figures(Map<String, Double> values, Map<String, Trouble> troubles) {

    /**
     * Why there is no figure.
     *
     * @param what   the reason, as a sentence without its full stop, which is the same as long as the reason is
     * @param detail what is seen now, which may be different each time
     */
    record Trouble(String what, String detail) {}

    private static final int MOST_QUOTED = 3;

    /**
     * Reads a result.
     *
     * @param series its series
     * @param owners the hosts or VMs that a series may belong to
     * @param home   whether a series comes from the host of a VM
     */
    static Figures of(
            LoadMetric metric,
            List<Sample> series,
            Function<Sample, Set<String>> owners,
            BiPredicate<String, Sample> home) {
        Map<String, List<Sample>> known = new TreeMap<>();
        Map<String, Trouble> troubles = new HashMap<>();
        for (Sample each : series) {
            Set<String> may = narrowed(owners.apply(each), each, home);
            if (may.size() == 1) {
                known.computeIfAbsent(may.iterator().next(), owner -> new ArrayList<>())
                        .add(each);
            } else {
                may.forEach(owner -> troubles.put(owner, ambiguous(metric, each, may)));
            }
        }
        Map<String, Double> values = new HashMap<>();
        known.forEach((owner, all) -> {
            List<Sample> here =
                    all.stream().filter(each -> home.test(owner, each)).toList();
            List<Sample> best = here.isEmpty() ? all : here;
            double[] finite = best.stream()
                    .mapToDouble(Sample::value)
                    .filter(Double::isFinite)
                    .sorted()
                    .toArray();
            trouble(metric, finite, best).ifPresentOrElse(why -> troubles.put(owner, why), () -> {
                troubles.remove(owner);
                values.put(owner, finite[finite.length - 1]);
            });
        });
        return new Figures(values, troubles);
    }

    private static Set<String> narrowed(Set<String> may, Sample series, BiPredicate<String, Sample> home) {
        if (may.size() < 2) {
            return may;
        }
        Set<String> here =
                may.stream().filter(owner -> home.test(owner, series)).collect(Collectors.toUnmodifiableSet());
        return here.size() == 1 ? here : may;
    }

    /** Returns why these finite values, in their order, are no figure. */
    private static Optional<Trouble> trouble(LoadMetric metric, double[] finite, List<Sample> series) {
        String key = metric.key();
        if (finite.length == 0) {
            return Optional.of(new Trouble("Its %s is not a finite number".formatted(key), ""));
        }
        double smallest = finite[0];
        double largest = finite[finite.length - 1];
        if (!metric.agree(smallest, largest)) {
            return Optional.of(
                    new Trouble("The series of its %s contradict each other".formatted(key), ": " + extremes(series)));
        }
        return metric.plausible(smallest) && metric.plausible(largest)
                ? Optional.empty()
                : Optional.of(new Trouble(
                        "Its %s is not %s".formatted(key, metric.unit()),
                        String.format(Locale.ROOT, ": it is %.4g", largest)));
    }

    private static Trouble ambiguous(LoadMetric metric, Sample series, Set<String> may) {
        return new Trouble(
                "A series of %s may belong to others as well".formatted(metric.key()),
                ": %s to %s"
                        .formatted(
                                series,
                                may.stream()
                                        .sorted()
                                        .limit(MOST_QUOTED)
                                        .collect(Collectors.joining(", ", "", may.size() > MOST_QUOTED ? ", …" : ""))));
    }

    /** The smallest and the largest of them. */
    private static String extremes(List<Sample> series) {
        List<Sample> rising = series.stream()
                .filter(each -> Double.isFinite(each.value()))
                .sorted(Comparator.comparingDouble(Sample::value))
                .toList();
        Sample smallest = rising.get(0);
        Sample largest = rising.get(rising.size() - 1);
        return String.format(
                Locale.ROOT, "%.4g in %s, %.4g in %s", smallest.value(), smallest, largest.value(), largest);
    }
}
