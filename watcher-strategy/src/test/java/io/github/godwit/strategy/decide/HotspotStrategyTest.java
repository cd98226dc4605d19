package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.DestinationPolicy.Fallback;
import io.github.godwit.strategy.decide.DestinationPolicy.LeastLoaded;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hosts have 4 cores and 8192 MiB unless their line says otherwise. */
class HotspotStrategyTest {

    @Test
    void aClusterWithoutHotHostsNeedsNoMoves() {
        Solution solution = solve("host h1 cpu=0.75 used=0.75\n vm a cores=3\nhost h2");
        assertThat(solution.moves()).isEmpty();
        assertThat(solution.solved()).isTrue();
        assertThat(solution.verdict())
                .isEqualTo("No host is hot: none of 2 was over 75 % CPU or 75 % memory in 3 of 5 samples.");
    }

    @Test
    void theLargestVmGoesToTheLeastLoadedHost() {
        // volumes: big 1/(1-2/4)/(1-1/8) = 2.29, small 1/(1-1/4)/(1-1/8) = 1.52; h3 is less loaded than h2
        Solution solution = solve("""
                host h1 cpu=0.9 used=0.3
                  vm small cores=1
                  vm big cores=2
                host h2 cpu=0.2 used=0.1
                host h3 cpu=0.1 used=0.1
                """);
        assertThat(solution.moves()).hasSize(1);
        Move move = solution.moves().get(0);
        assertThat(move).extracting(Move::vm, Move::from, Move::to).containsExactly("big", "h1", "h3");
        // 0.1 + 2/4 = 60 % CPU, 0.1 + 1/8 = 22.5 % memory
        assertThat(move.reason())
                .isEqualTo(
                        "h1 is hot (CPU over 75 % in 5 of 5 samples); big has the largest Sandpiper volume there, 2.29; "
                                + "h3 is the least loaded host that can take it, with a predicted load of 60 % CPU and 23 % memory.");
        assertThat(solution.verdict()).isEqualTo("One move ends the hotspot on h1.");
    }

    @Test
    void theHottestHostComesFirstUntilNoHostIsHot() {
        Solution solution = solve("""
                host h1 cpu=0.8
                  vm a cores=1
                host h2 cpu=1.0
                  vm b cores=1
                  vm c cores=0.8
                host h3
                host h4
                """);
        // h2: 1.0 - 0.25 = 0.75 is no longer over the threshold
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("b", "a");
        assertThat(solution.verdict()).isEqualTo("2 moves end the hotspots on h1, h2.");
    }

    @Test
    void aVmThatWouldMakeItsDestinationHotStaysAndTheNextOneIsMoved() {
        Solution solution = solve("""
                host h1 cpu=1.0
                  vm big cores=2.5
                  vm small cores=1.2
                host h2 cpu=0.4
                """);
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("small");
        assertThat(solution.moves().get(0).reason())
                .contains("small has the largest Sandpiper volume of the VMs that can be migrated")
                .endsWith("big cannot be migrated: h2 would become hot (CPU 102 %).");
    }

    @Test
    void aHotspotThatCannotBeMitigatedIsReportedWithTheReason() {
        Solution solution = solve("""
                host h1 cpu=0.95
                  vm only cores=3.8
                host h2
                """);
        assertThat(solution.moves()).isEmpty();
        assertThat(solution.solved()).isFalse();
        assertThat(solution.verdict())
                .isEqualTo("h1 stays hot: only cannot be migrated: h2 would become hot (CPU 95 %).");
    }

    @Test
    void memoryIsNotOvercommitted() {
        // h2 has 4096 MiB, of which 3000 are assigned; 2048 do not fit in 1096, though hardly any is used
        Solution solution = solve("""
                host h1 cpu=0.9
                  vm a cores=1 memory=2048 resident=100
                host h2 memory=4096 used=0.1
                  vm b memory=3000 resident=400
                """);
        assertThat(solution.moves()).isEmpty();
        assertThat(solution.verdict())
                .contains("a cannot be migrated: h2 has 1096 MiB of memory free, but 2048 MiB are needed");
    }

    @Test
    void memoryThatOtherProcessesUseIsNotFree() {
        // half of 4096 MiB is used by something other than VMs
        Solution solution = solve("""
                host h1 cpu=0.9
                  vm a cores=1 memory=3000 resident=100
                host h2 memory=4096 used=0.5
                """);
        assertThat(solution.verdict()).contains("h2 has 2048 MiB of memory free, but 3000 MiB are needed");
    }

    @Test
    void aHostShortOfMemoryIsCooledByMovingAVmWithMuchMemory() {
        // spin has the larger volume, 1/(1-3/4) = 4 against 1/(1-0.5) = 2, but hardly any memory
        Solution solution = solve("""
                host h1 cpu=0.7 used=0.9
                  vm spin cores=3 memory=64
                  vm cache cores=0 memory=4096
                host h2
                """);
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("cache");
        assertThat(solution.moves().get(0).reason()).contains("memory over 75 % in 5 of 5 samples");
    }

    @Test
    void aHostThatWasHotReceivesNoVmsEvenAfterItIsCooled() {
        Solution solution = solve("""
                host h1 cores=4 cpu=0.9
                  vm a cores=3.4
                host h2 cores=4 cpu=0.8
                  vm b cores=0.5
                host h3 cores=8 cpu=0.3
                """);
        // after a has left, h1 is the least loaded: 5 %
        assertThat(solution.moves())
                .extracting(Move::vm, Move::to)
                .doesNotContain(org.assertj.core.groups.Tuple.tuple("b", "h1"));
    }

    @Test
    void pausedAndMigratingVmsAreNotMoved() {
        Solution solution = solve("""
                host h1 cpu=0.9
                  vm busy cores=2 migration=7
                  vm paused cores=2 state=paused
                  vm idle cores=0.01
                host h2
                """);
        assertThat(solution.moves()).isEmpty();
        assertThat(solution.verdict())
                .isEqualTo("h1 stays hot: no running VM that contributes to its load is left to migrate.");
    }

    @Test
    void oneBusySampleIsNotAHotspot() {
        ClusterHistory history = new ClusterHistory(List.of(
                DrawnCluster.draw("host h1 cpu=0.1\n vm a cores=1\nhost h2"),
                DrawnCluster.draw("host h1 cpu=0.1\n vm a cores=1\nhost h2"),
                DrawnCluster.draw("host h1 cpu=1\n vm a cores=1\nhost h2")));
        assertThat(strategy(5).solve(history).moves()).isEmpty();
    }

    @Test
    void theLimitOfMovesIsObeyedAndReported() {
        Solution solution = strategy(1).solve(DrawnCluster.steady("""
                host h1 cpu=0.9
                  vm a cores=1
                host h2 cpu=0.8
                  vm b cores=1
                host h3
                """));
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("a");
        assertThat(solution.solved()).isFalse();
        assertThat(solution.verdict())
                .isEqualTo("One move ends the hotspot on h1. h2 stays hot: the limit of 1 move is reached.");
    }

    @Test
    void aClusterOfOneHostHasNoDestination() {
        assertThat(solve("host h1 cpu=0.9\n vm a cores=1").verdict())
                .isEqualTo("h1 stays hot: the destination policy allows no host that is not hot.");
    }

    @Test
    void missingFallbackHostsAreNotReplacedByOthers() {
        Strategy strategy = new HotspotStrategy(HotspotRule.DEFAULT, new Fallback(List.of("h9")), 5);
        Solution solution = strategy.solve(DrawnCluster.steady("host h1 cpu=0.9\n vm a cores=1\nhost h2"));
        assertThat(solution.moves()).isEmpty();
        assertThat(solution.verdict()).contains("the destination policy allows no host");
    }

    @Test
    void aHostThatCannotBeJudgedIsNamedInTheVerdict() {
        ClusterHistory history = new ClusterHistory(List.of(
                DrawnCluster.draw("host h1"), DrawnCluster.draw("host h1"), DrawnCluster.draw("host h1\nhost h2")));
        assertThat(strategy(5).solve(history).verdict())
                .endsWith("Not judged: host 'h2'. It answered in 1 of 3 samples; at least 3 are needed to judge it.");
    }

    @Test
    void aLimitOfNoMovesIsRefused() {
        assertThatThrownBy(() -> strategy(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("The maximum number of moves (0) must be at least 1.");
    }

    private static Solution solve(String drawing) {
        ClusterHistory history = DrawnCluster.steady(drawing);
        Solution solution = strategy(10).solve(history);
        assertThat(new SolutionChecker(HotspotRule.DEFAULT, history).faults(solution, 10))
                .isEmpty();
        return solution;
    }

    private static Strategy strategy(int maxMoves) {
        return new HotspotStrategy(HotspotRule.DEFAULT, new LeastLoaded(), maxMoves);
    }

    /** The network term of the volume: without traffic "busy" would be the larger one, 1.63 to 1.52. */
    @Test
    void aVmWithMuchTrafficIsMovedBeforeABusierOne() {
        // busy 1/(1-1.2/4)/(1-1/8) = 1.63, loud 1/(1-1/4)/(1-500/1000)/(1-1/8) = 3.05; the busier direction counts
        Solution solution = solve("""
                host h1 cpu=0.9 out=500 in=40
                  vm busy cores=1.2
                  vm loud cores=1 out=500 in=40
                host h2 cpu=0.1
                """);
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("loud");
        assertThat(solution.moves().get(0).reason()).contains("loud has the largest Sandpiper volume there, 3.05");
    }

    @Test
    void receivedTrafficCountsAsMuchAsSentTraffic() {
        assertThat(solve("""
                host h1 cpu=0.9 in=500
                  vm busy cores=1.2
                  vm loud cores=1 in=500
                host h2 cpu=0.1
                """).moves()).extracting(Move::vm).containsExactly("loud");
    }
}
