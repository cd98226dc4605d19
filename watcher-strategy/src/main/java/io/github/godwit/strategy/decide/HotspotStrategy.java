package io.github.godwit.strategy.decide;

import io.github.godwit.model.hotspot.HotspotDetector;
import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.Omission;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Mitigates hotspots ([FGCS 2025], section 5.1.1, algorithm 1): the VM with the largest Sandpiper volume is moved from the hottest
 * host to a host that the destination policy chooses. This is repeated until no host is hot.
 *
 * <p>In addition to algorithm 1, a move that would make its destination hot or overcommit its memory is not planned; the next
 * smaller VM is tried instead. A host that was hot at the start receives no VMs, even if earlier moves have cooled it. Therefore
 * every move remains safe if earlier ones fail.
 *
 * <p>What rests because of earlier moves ({@link Rests}) is left alone, and the verdict names it.
 *
 * <p>The loads are those that were reached in k of the last n samples ({@link ClusterHistory#sustained}). The time is proportional to
 * the number of VMs on hot hosts times the number of hosts.
 */
public final class HotspotStrategy implements Strategy {

    private static final int MOST_RESTING = 5;

    private final HotspotRule rule;
    private final DestinationPolicy destinations;
    private final int maxMoves;
    private final HotspotDetector detector;
    private final DestinationCheck check;
    private final Rests rests;

    /** Creates a strategy for a cluster in which nothing rests. */
    public HotspotStrategy(HotspotRule rule, DestinationPolicy destinations, int maxMoves) {
        this(rule, destinations, maxMoves, 0, Rests.NONE);
    }

    /**
     * @param rule         thresholds of hot hosts, and the number of samples
     * @param destinations the destination policy
     * @param maxMoves     maximum number of moves in a solution, at least 1
     * @param headroom     share of its cores that every destination keeps below the threshold, and a host that was hot gets back
     * @param rests        what is left alone because of earlier moves
     * @throws IllegalArgumentException if {@code maxMoves} is below 1
     */
    public HotspotStrategy(
            HotspotRule rule, DestinationPolicy destinations, int maxMoves, double headroom, Rests rests) {
        if (maxMoves < 1) {
            throw new IllegalArgumentException(
                    "The maximum number of moves (%d) must be at least 1.".formatted(maxMoves));
        }
        this.rule = rule;
        this.destinations = destinations;
        this.maxMoves = maxMoves;
        this.detector = new HotspotDetector(rule);
        this.check = new DestinationCheck(rule, headroom, rests);
        this.rests = rests;
    }

    @Override
    public String name() {
        return "hotspot";
    }

    @Override
    public Solution solve(ClusterHistory history) {
        ClusterModel cluster = history.sustained(rule);
        Map<String, String> evidence = new HashMap<>();
        for (ClusterHost host : cluster.hosts()) {
            HotspotDetector.Verdict verdict = detector.judge(history.window(host.name(), rule.samples()));
            if (verdict.hot() && rests.unjudged(host.name()).isEmpty()) {
                evidence.put(host.name(), verdict.evidence());
            }
        }
        HotHostRelief relief = new HotHostRelief(check, destinations, evidence, rests);
        List<Move> moves = new ArrayList<>();
        Map<String, String> stuck = new LinkedHashMap<>();
        Set<String> done = new HashSet<>();
        Optional<ClusterHost> hottest = hottest(cluster, evidence, done);
        while (hottest.isPresent() && moves.size() < maxMoves) {
            ClusterHost host = hottest.get();
            HotHostRelief.Attempt attempt = relief.attempt(cluster, host, moves);
            if (attempt.move().isPresent()) {
                Move move = attempt.move().get();
                moves.add(move);
                cluster = cluster.withMove(move.vm(), move.to());
            } else {
                done.add(host.name());
                if (check.hot(host.load())) {
                    stuck.put(host.name(), attempt.obstacle());
                }
            }
            hottest = hottest(cluster, evidence, done);
        }
        List<Omission> unjudged = new ArrayList<>(cluster.omissions());
        unjudged.removeAll(history.latest().omissions());
        ClusterModel before = history.sustained(rule);
        return solution(
                cluster,
                evidence,
                withSpares(before, evidence, moves),
                stuck,
                unjudged,
                resting(before, evidence, relief, String.join(" ", stuck.values())));
    }

    /** What is left alone although it is, or contributes to, a hotspot, as sentences; without what the verdict says anyway. */
    private List<String> resting(ClusterModel before, Map<String, String> evidence, HotHostRelief relief, String said) {
        List<String> vms = before.hosts().stream()
                .filter(host -> evidence.containsKey(host.name()))
                .flatMap(host -> relief.resting(before, host).stream())
                .filter(each -> !said.contains(each))
                .map(each -> each + ".")
                .toList();
        List<String> sentences = new ArrayList<>(vms.subList(0, Math.min(vms.size(), MOST_RESTING)));
        if (vms.size() > MOST_RESTING) {
            sentences.add("%d more VMs rest or are passed over.".formatted(vms.size() - MOST_RESTING));
        }
        before.hosts().stream()
                .filter(host -> check.hot(host.load()))
                .flatMap(host ->
                        rests.unjudged(host.name()).map(reason -> "%s %s.".formatted(host.name(), reason)).stream())
                .forEach(sentences::add);
        return sentences;
    }

    private List<Move> withSpares(ClusterModel before, Map<String, String> hot, List<Move> moves) {
        if (!destinations.open()) {
            return moves;
        }
        List<ClusterHost> others = destinations.preference(
                before.hosts().stream()
                        .filter(host -> !hot.containsKey(host.name())
                                && !check.hot(host.load())
                                && !rests.staysEmpty(before, host.name()))
                        .toList(),
                moves.size());
        return new SpareDestinations(
                        check, before, others.stream().map(ClusterHost::name).toList())
                .addedTo(moves);
    }

    private boolean judgedHot(ClusterHost host) {
        return check.hot(host.load()) && rests.unjudged(host.name()).isEmpty();
    }

    /** A host that was hot is relieved until it has its headroom. */
    private Optional<ClusterHost> hottest(ClusterModel cluster, Map<String, String> evidence, Set<String> done) {
        return cluster.hosts().stream()
                .filter(host -> !done.contains(host.name()))
                .filter(host ->
                        judgedHot(host) || (evidence.containsKey(host.name()) && check.lacksHeadroom(host.load())))
                .max(Comparator.comparing(ClusterHost::volume)
                        .thenComparing(ClusterHost::name, Comparator.reverseOrder()));
    }

    private Solution solution(
            ClusterModel after,
            Map<String, String> evidence,
            List<Move> moves,
            Map<String, String> stuck,
            List<Omission> unjudged,
            List<String> resting) {
        List<String> sentences = new ArrayList<>();
        if (evidence.isEmpty()) {
            sentences.add("No host is hot: none of %d was over %.0f %% CPU or %.0f %% memory in %d of %d samples."
                    .formatted(
                            after.hosts().stream()
                                    .filter(host -> rests.unjudged(host.name()).isEmpty())
                                    .count(),
                            100 * rule.cpuThreshold(),
                            100 * rule.memoryThreshold(),
                            rule.hotSamples(),
                            rule.samples()));
        }
        TreeSet<String> cooled = new TreeSet<>(evidence.keySet());
        List<String> hot = after.hosts().stream()
                .filter(this::judgedHot)
                .map(ClusterHost::name)
                .toList();
        cooled.removeAll(hot);
        if (!cooled.isEmpty()) {
            sentences.add("%s the %s on %s."
                    .formatted(
                            moves.size() == 1 ? "One move ends" : moves.size() + " moves end",
                            cooled.size() == 1 ? "hotspot" : "hotspots",
                            String.join(", ", cooled)));
        }
        stuck.forEach((host, obstacle) -> sentences.add("%s stays hot: %s.".formatted(host, obstacle)));
        String unfinished =
                hot.stream().filter(host -> !stuck.containsKey(host)).collect(Collectors.joining(", "));
        if (!unfinished.isEmpty()) {
            sentences.add("%s stays hot: the limit of %d %s is reached."
                    .formatted(unfinished, maxMoves, maxMoves == 1 ? "move" : "moves"));
        }
        sentences.addAll(resting);
        unjudged.forEach(omission -> sentences.add("Not judged: %s. %s".formatted(omission.what(), omission.reason())));
        return new Solution(moves, String.join(" ", sentences), hot.isEmpty());
    }
}
