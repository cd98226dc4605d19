package io.github.godwit.strategy.decide;

import io.github.godwit.strategy.cluster.ClusterHost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Which host a VM should go to, of those that could take one (SPEC G11; FGCS 2025 §5.1.1). */
public sealed interface DestinationPolicy {

    /** The forms that {@link #parse} reads. */
    String FORMS = "least-loaded, random, random:SEED, round-robin, fallback:HOST[,HOST...]";

    /**
     * The hosts in order of preference; those that should not be taken at all are left out.
     *
     * @param candidates all hosts that may take a VM
     * @param moveNumber how many moves were planned before, from 0
     */
    List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber);

    /** What the first of the preferred is, for reasons: "the least loaded host". */
    String describe();

    /** The host with the smallest Sandpiper volume. */
    record LeastLoaded() implements DestinationPolicy {
        @Override
        public List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber) {
            return candidates.stream()
                    .sorted(Comparator.comparing(ClusterHost::volume).thenComparing(ClusterHost::name))
                    .toList();
        }

        @Override
        public String describe() {
            return "the least loaded host that can take it";
        }
    }

    /**
     * Any host.
     *
     * @param seed the same seed gives the same choice in the same cluster
     */
    record SeededRandom(long seed) implements DestinationPolicy {
        @Override
        public List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber) {
            List<ClusterHost> shuffled = byName(candidates);
            Collections.shuffle(shuffled, new Random(seed + moveNumber));
            return shuffled;
        }

        @Override
        public String describe() {
            return "drawn at random (seed %d)".formatted(seed);
        }
    }

    /** One host after another, by name. */
    record RoundRobin() implements DestinationPolicy {
        @Override
        public List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber) {
            List<ClusterHost> rotated = byName(candidates);
            Collections.rotate(rotated, -moveNumber);
            return rotated;
        }

        @Override
        public String describe() {
            return "next in turn";
        }
    }

    /**
     * Only hosts that are set apart for it.
     *
     * @param hosts their names, best first
     */
    record Fallback(List<String> hosts) implements DestinationPolicy {
        /**
         * @throws IllegalArgumentException when there is none or one is without a name
         */
        public Fallback {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty() || hosts.stream().anyMatch(String::isBlank)) {
                throw new IllegalArgumentException(
                        "The fallback policy needs the names of its hosts, for example fallback:h3,h4.");
            }
        }

        @Override
        public List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber) {
            return candidates.stream()
                    .filter(host -> hosts.contains(host.name()))
                    .sorted(Comparator.comparingInt(host -> hosts.indexOf(host.name())))
                    .toList();
        }

        @Override
        public String describe() {
            return "the first fallback host that can take it";
        }
    }

    /**
     * Reads a policy as people write it.
     *
     * @throws IllegalArgumentException when it is none of {@link #FORMS}
     */
    static DestinationPolicy parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        boolean bare = colon < 0;
        if (bare && "least-loaded".equals(name)) {
            return new LeastLoaded();
        }
        if (bare && "round-robin".equals(name)) {
            return new RoundRobin();
        }
        if ("random".equals(name) && (bare || rest.matches("-?\\d{1,18}"))) {
            return new SeededRandom(bare ? 0 : Long.parseLong(rest));
        }
        if ("fallback".equals(name)) {
            return new Fallback(
                    Arrays.stream(rest.split(",", -1)).map(String::trim).toList());
        }
        throw new IllegalArgumentException(
                "There is no destination policy '%s'. Choose one of %s.".formatted(text, FORMS));
    }

    private static List<ClusterHost> byName(List<ClusterHost> hosts) {
        List<ClusterHost> sorted = new ArrayList<>(hosts);
        sorted.sort(Comparator.comparing(ClusterHost::name));
        return sorted;
    }
}
