package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.RandomCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsolidationStrategyTest {

    private static final HotspotRule ONE_LOOK = new HotspotRule(0.75, 0.75, 1, 1, Duration.ZERO);

    private static Solution solve(ClusterModel cluster, int maxMoves) {
        return new ConsolidationStrategy(ONE_LOOK, maxMoves).solve(new ClusterHistory(List.of(cluster)));
    }

    @Test
    void theHostWithTheFewestVmsIsEmptiedOntoTheFullest() {
        Solution solution = solve(DrawnCluster.draw("""
                host h1 cores=8 memory=8192 cpu=0.1 used=0.1
                  vm a memory=512 cores=0.5
                host h2 cores=8 memory=8192 cpu=0.3 used=0.4
                  vm b memory=1024 cores=1
                  vm c memory=1024 cores=1
                  vm d memory=1024 cores=0.3
                host h3 cores=8 memory=8192 cpu=0.5 used=0.5
                  vm e memory=2048 cores=2
                  vm f memory=1024 cores=2
                """), 10);

        assertThat(solution.moves())
                .extracting(Move::vm, Move::from, Move::to)
                .contains(org.assertj.core.groups.Tuple.tuple("a", "h1", "h3"));
        assertThat(solution.verdict()).startsWith("h1").contains("can be switched off");
    }

    @Test
    void aHostIsEmptiedCompletelyOrNotAtAll() {
        Solution solution = solve(DrawnCluster.draw("""
                host h1 cores=8 memory=8192 cpu=0.66 used=0.2
                  vm a memory=512 cores=0.5
                  vm b memory=512 cores=0.5
                host h2 cores=8 memory=8192 cpu=0.66 used=0.4
                  vm c memory=1024 cores=1
                  vm d memory=1024 cores=1
                  vm e memory=1024 cores=1
                """), 10);

        assertThat(solution.moves()).isEmpty();
        assertThat(solution.verdict()).contains("No host can be emptied", "h1 stays in use");
    }

    @Test
    void emptyHostsStayEmpty() {
        Solution solution = solve(DrawnCluster.draw("""
                host h1 cores=8 memory=8192
                host h2 cores=8 memory=8192 cpu=0.1 used=0.1
                  vm a memory=512 cores=0.5
                """), 10);

        assertThat(solution.moves()).isEmpty();
    }

    @Test
    void aHostWithAStoppedServerStaysInUse() {
        ClusterModel cluster = DrawnCluster.draw("""
                host h1 cores=8 memory=8192 cpu=0.1 used=0.1
                  vm a memory=512 cores=0.5
                host h2 cores=8 memory=8192 cpu=0.2 used=0.2
                  vm b memory=512 cores=0.5
                host h3 cores=8 memory=8192
                """);
        assertThat(solve(cluster, 10).verdict()).startsWith("h1 becomes empty");

        ClusterModel stopped = cluster.withRules(ClusterRules.NONE.withIdle(
                List.of(new IdleServer("5f0a", "db", "h1", "SHUTOFF"), new IdleServer("5f0b", "web", "h3", "ERROR"))));
        Solution solution = solve(stopped, 10);
        assertThat(solution.verdict())
                .contains(
                        "h1 stays in use: server db (5f0a) is SHUTOFF.", "h3 stays in use: server web (5f0b) is ERROR.")
                .doesNotContain("h1 becomes empty", "h3 becomes empty");
        assertThat(ConsolidationStrategy.emptyHosts(stopped)).isEmpty();
    }

    @Test
    void vmsThatMustBeApartStayApart() {
        ClusterModel cluster =
                DrawnCluster.draw("""
                host h1 cores=8 memory=8192 cpu=0.1 used=0.1
                  vm a memory=512 cores=0.5
                host h2 cores=8 memory=8192 cpu=0.1 used=0.1
                  vm b memory=512 cores=0.5
                """).withRules(new ClusterRules(Set.of(), Set.of(), List.of(Set.of("a", "b"))));

        assertThat(solve(cluster, 10).moves()).isEmpty();
    }

    @Test
    void everySolutionForARandomClusterIsCorrect() {
        int moves = 0;
        for (int seed = 0; seed < 300; seed++) {
            ClusterModel cluster = RandomCluster.of(seed, 10, 0.9);
            Solution solution = solve(cluster, 1 + seed % 12);

            assertThat(MoveContract.faults(cluster, solution.moves(), 0.75, 0.75))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(solution.moves().size()).as("seed %d", seed).isLessThanOrEqualTo(1 + seed % 12);
            assertEmptiedCompletely(cluster, solution, seed);
            assertThat(solve(cluster, 1 + seed % 12)).isEqualTo(solution);
            moves += solution.moves().size();
        }
        assertThat(moves).isGreaterThan(300);
    }

    private static void assertEmptiedCompletely(ClusterModel cluster, Solution solution, int seed) {
        Set<String> sources = new HashSet<>();
        Set<String> destinations = new HashSet<>();
        ClusterModel after = cluster;
        for (Move move : solution.moves()) {
            sources.add(move.from());
            destinations.add(move.to());
            after = after.withMove(move.vm(), move.to());
        }
        List<String> left = new ArrayList<>();
        for (String source : sources) {
            after.vmsOn(source).forEach(vm -> left.add(vm.name()));
        }
        assertThat(left).as("seed %d", seed).isEmpty();
        Set<String> untouchable = new HashSet<>(sources);
        untouchable.addAll(ConsolidationStrategy.emptyHosts(cluster));
        destinations.retainAll(untouchable);
        assertThat(destinations).as("seed %d", seed).isEmpty();
    }
}
