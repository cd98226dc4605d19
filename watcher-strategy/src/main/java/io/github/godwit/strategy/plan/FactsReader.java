package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.VmStatus;
import io.github.godwit.hostapi.client.HostDriverException;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.common.ParallelCalls;
import io.github.godwit.strategy.common.ServiceRefusal;
import io.github.godwit.strategy.decide.Move;
import io.github.godwit.strategy.plan.MoveFacts.Nics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Profiles VMs and asks which techniques can move them and by which NICs, several hosts at once and two VMs of a host at once.
 */
final class FactsReader {

    private static final Logger LOG = LoggerFactory.getLogger(FactsReader.class);

    /** A host driver profiles up to three VMs at a time; one place is left for migrations that nobody planned. */
    private static final int AT_ONCE = 2;

    /** For one VM. Each call has a shorter limit of its own. */
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /**
     * Age of a profile that is good enough to plan several moves. Host drivers profile their VMs all the time, and compare what has changed
     * when a planned migration begins.
     */
    private static final Duration YOUNG = Duration.ofMinutes(2);

    private final Cloud cloud;

    FactsReader(Cloud cloud) {
        this.cloud = cloud;
    }

    /** Facts about a move, or why there are none. */
    record Result(MoveFacts facts, HostDriverException failure) {}

    /**
     * Reads the facts about moves.
     *
     * @param cluster the cluster
     * @param moves   the moves, each of another VM
     * @param begins  called before a VM is profiled, on several threads, but never two at a time
     * @throws InterruptedException if the thread is interrupted
     * @throws ServiceRefusal       if Nova does not answer
     */
    Map<Move, Result> read(ClusterModel cluster, List<Move> moves, Consumer<Move> begins) throws InterruptedException {
        Map<Move, Result> results = new ConcurrentHashMap<>();
        Duration maxAge = moves.size() > 1 ? YOUNG : Duration.ZERO;
        PairNics nics = new PairNics(cluster);
        List<List<Move>> lanes = lanes(moves);
        int longest = lanes.stream().mapToInt(List::size).max().orElse(0);
        List<Callable<Void>> calls = lanes.stream()
                .<Callable<Void>>map(lane -> () -> {
                    for (Move move : lane) {
                        synchronized (begins) {
                            begins.accept(move);
                        }
                        results.put(move, read(move, cluster.vm(move.vm()), maxAge, nics));
                    }
                    return null;
                })
                .toList();
        for (Future<Void> call : ParallelCalls.run("planner", calls, LIMIT.multipliedBy(Math.max(1, longest)))) {
            await(call);
        }
        return results;
    }

    private static void await(Future<Void> call) throws InterruptedException {
        try {
            call.get();
        } catch (CancellationException e) {
            throw ServiceRefusal.unavailable("The host drivers did not profile all VMs in time.");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private static List<List<Move>> lanes(List<Move> moves) {
        Map<String, List<Move>> lanes = new LinkedHashMap<>();
        Map<String, Integer> seen = new LinkedHashMap<>();
        for (Move move : moves) {
            int number = seen.merge(move.from(), 1, Integer::sum);
            lanes.computeIfAbsent(move.from() + " " + number % AT_ONCE, lane -> new ArrayList<>())
                    .add(move);
        }
        return List.copyOf(lanes.values());
    }

    /** Reads the facts about one move, with a new profile. */
    Result read(ClusterModel cluster, Move move) {
        return read(move, cluster.vm(move.vm()), Duration.ZERO, new PairNics(cluster));
    }

    private Result read(Move move, VmStatus vm, Duration maxAge, PairNics nics) {
        try {
            Map<String, TechniqueAvailability> techniques = new LinkedHashMap<>();
            techniques.put(move.to(), cloud.techniques(move.vm(), move.from(), move.to()));
            for (String other : move.others()) {
                alternative(move, other, techniques);
            }
            Map<String, Nics> ways = techniques.keySet().stream()
                    .collect(Collectors.toMap(Function.identity(), host -> nics.between(move.from(), host)));
            return new Result(
                    new MoveFacts(move, vm, profile(move, vm, maxAge), techniques, cloud.localDisk(move.vm()), ways),
                    null);
        } catch (HostDriverException e) {
            return new Result(null, e);
        }
    }

    /** The NICs between hosts, asked for once for each pair. */
    private final class PairNics {
        private final ClusterModel cluster;
        private final Map<List<String>, Nics> known = new ConcurrentHashMap<>();

        PairNics(ClusterModel cluster) {
            this.cluster = cluster;
        }

        Nics between(String source, String destination) {
            return known.computeIfAbsent(List.of(source, destination), pair -> {
                ClusterHost from = cluster.host(source);
                ClusterHost to = cluster.host(destination);
                return new Nics(
                        cloud.nicTowards(from, to).filter(from::uses).orElse(null),
                        cloud.nicTowards(to, from).filter(to::uses).orElse(null));
            });
        }
    }

    private void alternative(Move move, String host, Map<String, TechniqueAvailability> techniques) {
        try {
            TechniqueAvailability available = cloud.techniques(move.vm(), move.from(), host);
            if (!available.available().isEmpty()) {
                techniques.put(host, available);
            }
        } catch (HostDriverException e) {
            LOG.info("{} is no destination of {}: {}", host, move.vm(), e.getMessage());
        }
    }

    /** Returns the profile of the VM. If it cannot be profiled, an unmeasured profile is used, so that it is planned nevertheless. */
    private VmProfile profile(Move move, VmStatus vm, Duration maxAge) {
        try {
            return cloud.profile(move.vm(), move.from(), maxAge);
        } catch (HostDriverException e) {
            if (e.refused() || vm.definition() == null || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            LOG.warn("{} is planned without a profile: {}", move, e.getMessage());
            return VmProfile.unmeasured(vm.definition());
        }
    }
}
