package io.github.godwit.strategy.load;

import io.github.godwit.strategy.cluster.ClusterHost;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds hosts by the value of a label: a name, short or with its domain, or an address, with or without a port. A short name and one with a
 * domain are the same host; two different domains are two hosts. An address counts only for series that no label gives a name: two sites
 * may use the same addresses.
 */
final class HostNames {

    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
    private static final Set<String> TARGETS = Set.of("instance", "exported_instance");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127\\..*|::1|0\\.0\\.0\\.0|::");

    private final Map<String, Set<String>> names = new HashMap<>();
    private final Map<String, Set<String>> firstParts = new HashMap<>();
    private final Map<String, Set<String>> addresses = new HashMap<>();
    private final List<String> labels;

    /**
     * @param hosts  the hosts
     * @param labels labels that may name a host, the best first
     */
    HostNames(Collection<ClusterHost> hosts, List<String> labels) {
        this.labels = List.copyOf(labels);
        for (ClusterHost host : hosts) {
            String name = plain(host.name());
            add(names, name, host);
            if (!isAddress(name) && name.indexOf('.') > 0) {
                add(firstParts, firstPart(name), host);
            }
            Stream.of(host.url().getHost(), host.status().migrationAddress())
                    .filter(Objects::nonNull)
                    .map(address -> withoutPort(plain(address)))
                    .filter(address -> !LOOPBACK.matcher(address).matches())
                    .forEach(address -> add(addresses, address, host));
        }
        addresses.values().removeIf(sharing -> sharing.size() > 1);
    }

    private static void add(Map<String, Set<String>> index, String key, ClusterHost host) {
        index.computeIfAbsent(key, each -> new TreeSet<>()).add(host.name());
    }

    /** Returns the hosts of the first label that names one: none, one, or several that have the same short name. */
    Set<String> of(Map<String, String> series) {
        boolean unnamed = labels.stream().filter(series::containsKey).allMatch(TARGETS::contains);
        return labels.stream()
                .filter(series::containsKey)
                .map(label -> named(withoutPort(plain(series.get(label))), unnamed))
                .filter(found -> !found.isEmpty())
                .findFirst()
                .orElse(Set.of());
    }

    private Set<String> named(String value, boolean addressCounts) {
        Set<String> exact = names.getOrDefault(value, Set.of());
        Set<String> byName = exact.isEmpty() ? sameFirstPart(value) : exact;
        return byName.isEmpty() && addressCounts ? addresses.getOrDefault(value, Set.of()) : byName;
    }

    private Set<String> sameFirstPart(String name) {
        if (isAddress(name)) {
            return Set.of();
        }
        return name.indexOf('.') < 0
                ? firstParts.getOrDefault(name, Set.of())
                : names.getOrDefault(firstPart(name), Set.of());
    }

    private static boolean isAddress(String text) {
        return text.indexOf(':') >= 0 || IPV4.matcher(text).matches();
    }

    private static String plain(String text) {
        String lower = text.strip().toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private static String firstPart(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    /** {@code h1:9100} is h1, {@code [fd00::1]:9100} is fd00::1, and fd00::1 remains. */
    private static String withoutPort(String text) {
        if (text.startsWith("[")) {
            int end = text.indexOf(']');
            return end < 0 ? text : text.substring(1, end);
        }
        int colon = text.indexOf(':');
        return colon > 0 && colon == text.lastIndexOf(':') ? text.substring(0, colon) : text;
    }
}
