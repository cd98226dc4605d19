package io.github.godwit.strategy.load;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.Omission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A host or a running VM without one of its figures.
 *
 * @param ofHost whether it is a host
 * @param name   its name
 * @param kind   the reason in sentences, which stays the same as long as the reason does
 * @param detail the reason with what is seen now
 */
record LoadGap(boolean ofHost, String name, String kind, String detail) {

    private static final int MOST_NAMES = 20;
    private static final String INSTEAD = " The host driver's figures are used.";
    private static final String CHECK =
            " If all are concerned, check load in the configuration: the exporter, its labels and the queries.";

    /** Returns the gaps of a cluster; {@code source} is the name of what was asked. */
    static List<LoadGap> of(String source, ClusterModel cluster, Map<LoadMetric, Figures> figures) {
        List<LoadGap> gaps = new ArrayList<>();
        for (ClusterHost host : cluster.hosts()) {
            add(gaps, source, host.name(), true, figures);
        }
        for (VmStatus vm : cluster.vms()) {
            if ("running".equals(vm.state())) {
                add(gaps, source, vm.name(), false, figures);
            }
        }
        return gaps;
    }

    private static void add(
            List<LoadGap> gaps, String source, String name, boolean ofHost, Map<LoadMetric, Figures> figures) {
        List<String> missing = new ArrayList<>();
        List<Figures.Trouble> troubles = new ArrayList<>();
        for (Map.Entry<LoadMetric, Figures> each : figures.entrySet()) {
            Figures of = each.getValue();
            if (each.getKey().ofHost() == ofHost && !of.values().containsKey(name)) {
                if (of.troubles().containsKey(name)) {
                    troubles.add(of.troubles().get(name));
                } else {
                    missing.add(each.getKey().key());
                }
            }
        }
        if (!missing.isEmpty() || !troubles.isEmpty()) {
            String absent = missing.isEmpty() ? "" : "%s has no %s. ".formatted(source, String.join(", ", missing));
            gaps.add(new LoadGap(
                    ofHost,
                    name,
                    absent + sentences(troubles, Figures.Trouble::what),
                    absent + sentences(troubles, trouble -> trouble.what() + trouble.detail())));
        }
    }

    private static String sentences(List<Figures.Trouble> troubles, Function<Figures.Trouble, String> text) {
        return troubles.stream().map(trouble -> text.apply(trouble) + ".").collect(Collectors.joining(" "));
    }

    /** Returns what to tell about gaps: one omission for all of the same kind, with the details if it is one host or VM. */
    static List<Omission> told(List<LoadGap> gaps) {
        Map<String, List<LoadGap>> kinds = gaps.stream()
                .collect(Collectors.groupingBy(
                        gap -> gap.ofHost() + gap.kind(), LinkedHashMap::new, Collectors.toList()));
        return kinds.values().stream().map(LoadGap::together).toList();
    }

    private static Omission together(List<LoadGap> gaps) {
        LoadGap first = gaps.get(0);
        boolean one = gaps.size() == 1;
        String names = gaps.stream()
                .map(gap -> "'%s'".formatted(gap.name()))
                .sorted()
                .limit(MOST_NAMES)
                .collect(Collectors.joining(", "));
        String others = gaps.size() > MOST_NAMES ? " and %d others".formatted(gaps.size() - MOST_NAMES) : "";
        String reason = one ? first.detail() : first.kind();
        return new Omission(
                "load of %s %s%s".formatted((first.ofHost() ? "host" : "VM") + (one ? "" : "s"), names, others),
                reason.strip() + INSTEAD + (one ? "" : CHECK));
    }

    /** Returns whom it is about. */
    String owner() {
        return title(ofHost, name);
    }

    /** Returns everybody in a cluster who may have a gap. */
    static Set<String> owners(ClusterModel cluster) {
        return Stream.concat(
                        cluster.hosts().stream().map(host -> title(true, host.name())),
                        cluster.vms().stream().map(vm -> title(false, vm.name())))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static String title(boolean ofHost, String name) {
        return "%s '%s'".formatted(ofHost ? "host" : "VM", name);
    }
}
