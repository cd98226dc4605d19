package io.github.godwit.strategy.load;

import io.github.godwit.nova.Prometheus.Sample;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Labels that an info metric, such as {@code node_uname_info}, adds to the series of the same exporter. It is the same exporter if all
 * labels of the series agree; if that finds nothing, for example because a query has removed or added some, the given labels have to agree.
 */
final class InfoLabels {

    private final Collection<Sample> info;
    private final List<String> wanted;
    private final List<Set<String>> keys;
    private final Map<Set<String>, Map<Map<String, String>, Set<Map<String, String>>>> indexes = new HashMap<>();

    /**
     * @param info   series of the info metric
     * @param wanted labels that are added
     * @param keys   sets of labels that suffice, the strictest first
     */
    InfoLabels(Collection<Sample> info, List<String> wanted, List<Set<String>> keys) {
        this.info = info;
        this.wanted = List.copyOf(wanted);
        this.keys = List.copyOf(keys);
    }

    /** Returns what is added to a series: nothing, one set of labels, or several if it is ambiguous. */
    Set<Map<String, String>> of(Map<String, String> series) {
        if (info.isEmpty()) {
            return Set.of();
        }
        Set<Map<String, String>> found = joined(series, series.keySet());
        for (Set<String> key : keys) {
            if (found.isEmpty() && series.keySet().containsAll(key)) {
                found = joined(series, key);
            }
        }
        return found;
    }

    private Set<Map<String, String>> joined(Map<String, String> series, Set<String> on) {
        return indexes.computeIfAbsent(Set.copyOf(on), this::index).getOrDefault(only(series, on), Set.of());
    }

    private Map<Map<String, String>, Set<Map<String, String>>> index(Set<String> on) {
        Map<Map<String, String>, Set<Map<String, String>>> index = new HashMap<>();
        for (Sample sample : info) {
            if (sample.labels().keySet().containsAll(on)) {
                index.computeIfAbsent(only(sample.labels(), on), key -> new LinkedHashSet<>())
                        .add(only(sample.labels(), wanted));
            }
        }
        return index;
    }

    private static Map<String, String> only(Map<String, String> labels, Collection<String> names) {
        Map<String, String> some = new TreeMap<>();
        names.forEach(name -> {
            if (labels.containsKey(name)) {
                some.put(name, labels.get(name));
            }
        });
        return some;
    }
}
