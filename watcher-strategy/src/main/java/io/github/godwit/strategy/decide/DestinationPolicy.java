package io.github.godwit.strategy.decide;

import io.github.godwit.strategy.cluster.ClusterHost;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Chooses the destination of a VM among the hosts that may receive VMs ([FGCS 2025], section 5.1.1). */
public sealed interface DestinationPolicy {

    /** The forms that {@link #parse} reads. */
    String FORMS = "least-loaded, random, random:SEED, round-robin, fallback:HOST[,HOST...]";

    /**
     * Returns the hosts in order of preference, without those that the policy excludes.
     *
     * @param candidates all hosts that may receive a VM
     * @param moveNumber number of moves that are already planned
     */
    List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber);

    /** Returns whether another host than the preferred one may be chosen for the sake of all moves together. */
    default boolean open() {
        return false;
    }

    /** Describes the chosen host, for the reason of a move, such as "the least loaded host that can take it". */
    String describe();

    /** Prefers the host with the smallest Sandpiper volume. */
    record LeastLoaded() implements DestinationPolicy {
        @Override
        public List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber) {
            return candidates.stream()
                    .sorted(Comparator.comparing(ClusterHost::volume).thenComparing(ClusterHost::name))
                    .toList();
        }

        @Override
        public boolean open() {
            return true;
        }

        @Override
        public String describe() {
            return "the least loaded host that can take it";
        }
    }

    /**
     * Prefers hosts in random order.
     *
     * @param seed seed; the same seed and cluster give the same choice
     */
    record SeededRandom(long seed) implements DestinationPolicy {
        @Override
        public List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber) {
            List<ClusterHost> shuffled = sortedByName(candidates);
            Collections.shuffle(shuffled, new Random(seed + moveNumber));
            return shuffled;
        }

        @Override
        public String describe() {
            return "chosen at random (seed %d)".formatted(seed);
        }
    }

    /** Prefers each host in turn, in the order of their names. */
    record RoundRobin() implements DestinationPolicy {
        @Override
        public List<ClusterHost> preference(List<ClusterHost> candidates, int moveNumber) {
            List<ClusterHost> rotated = sortedByName(candidates);
            Collections.rotate(rotated, -moveNumber);
            return rotated;
        }

        @Override
        public String describe() {
            return "next in turn";
        }
    }

    /**
     * Allows only the given hosts.
     *
     * @param hosts names of the hosts, the preferred first
     */
    record Fallback(List<String> hosts) implements DestinationPolicy {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if the list is empty or a name is blank
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
     * Parses a policy in one of {@link #FORMS}.
     *
     * @throws IllegalArgumentException if the text has another form
     */
    static DestinationPolicy parse(String text) {
        int colon = text.indexOf(':');
        String name = colon < 0 ? text : text.substring(0, colon);
        String rest = colon < 0 ? "" : text.substring(colon + 1);
        boolean withoutArgument = colon < 0;
        if (withoutArgument && "least-loaded".equals(name)) {
            return new LeastLoaded();
        }
        if (withoutArgument && "round-robin".equals(name)) {
            return new RoundRobin();
        }
        if ("random".equals(name) && (withoutArgument || rest.matches("-?\\d{1,18}"))) {
            return new SeededRandom(withoutArgument ? 0 : Long.parseLong(rest));
        }
        if ("fallback".equals(name)) {
            return new Fallback(
                    Arrays.stream(rest.split(",", -1)).map(String::trim).toList());
        }
        throw new IllegalArgumentException(
                "There is no destination policy '%s'. Choose one of %s.".formatted(text, FORMS));
    }

    private static List<ClusterHost> sortedByName(List<ClusterHost> hosts) {
        List<ClusterHost> sorted = new ArrayList<>(hosts);
        sorted.sort(Comparator.comparing(ClusterHost::name));
        return sorted;
    }
}
