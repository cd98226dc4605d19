package io.github.godwit.strategy.load;

import io.github.godwit.nova.Prometheus.Sample;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** To which hosts, or to which VMs, a series may belong, by its labels and by those of an info metric. */
final class SeriesOwners {

    private final Function<Map<String, String>, Set<String>> named;
    private final InfoLabels info;

    /**
     * @param named the owners that labels may name
     * @param info  labels that are added to those of a series
     */
    SeriesOwners(Function<Map<String, String>, Set<String>> named, InfoLabels info) {
        this.named = named;
        this.info = info;
    }

    /** Returns the owners of a series: none in the cluster, one, or several if it is ambiguous. */
    Set<String> of(Sample series) {
        Set<Map<String, String>> added = info.of(series.labels());
        Set<String> own = added.size() == 1 ? Set.of() : named.apply(series.labels());
        if (!own.isEmpty() || added.isEmpty()) {
            return own;
        }
        Set<String> owners = new TreeSet<>();
        for (Map<String, String> more : added) {
            Map<String, String> all = new HashMap<>(more);
            all.putAll(series.labels());
            owners.addAll(named.apply(all));
        }
        return owners;
    }
}
