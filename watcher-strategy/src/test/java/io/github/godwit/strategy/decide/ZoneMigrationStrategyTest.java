package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ZoneMigrationStrategyTest {

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1 cores=4 memory=8192 cpu=0.2 used=0.2
              vm a memory=1024 resident=512 cores=0.4
              vm b memory=1024 resident=512 cores=0.4
            host h2 cores=4 memory=8192 cpu=0.1 used=0.1
              vm c memory=1024 resident=512 cores=0.4
            host h3 cores=4 memory=8192 cpu=0.3 used=0.3
            host h4 cores=4 memory=8192 cpu=0.4 used=0.4
            """);

    private static final DestinationPolicy LEAST = new DestinationPolicy.LeastLoaded();

    private static Solution solve(Map<String, DestinationPolicy> sources) {
        ClusterHistory history = new ClusterHistory(List.of(CLUSTER));
        Solution solution = new ZoneMigrationStrategy(sources).solve(history);
        assertThat(MoveContract.faults(CLUSTER, solution.moves(), 1, 1)).isEmpty();
        return solution;
    }

    private static Map<String, DestinationPolicy> sources(String first, String second, DestinationPolicy ofSecond) {
        Map<String, DestinationPolicy> sources = new LinkedHashMap<>();
        sources.put(first, LEAST);
        sources.put(second, ofSecond);
        return sources;
    }

    @Test
    void noServerGoesToAHostThatIsEmptiedItself() {
        Solution solution = solve(sources("h1", "h2", LEAST));
        assertThat(solution.solved()).isTrue();
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("a", "b", "c");
        assertThat(solution.moves()).allSatisfy(move -> {
            assertThat(move.to()).isIn("h3", "h4");
            assertThat(move.others()).isEmpty();
        });
        assertThat(solution.verdict()).isEqualTo("All 2 VMs leave h1. The only VM leaves h2.");
    }

    @Test
    void eachHostHasItsOwnDestination() {
        Solution solution = solve(sources("h1", "h2", new DestinationPolicy.Fallback(List.of("h4"))));
        assertThat(solution.moves())
                .filteredOn(move -> "h2".equals(move.from()))
                .extracting(Move::to)
                .containsExactly("h4");
    }

    @Test
    void theMovesOfASingleHostMayHaveFurtherDestinations() {
        assertThat(solve(Map.of("h1", LEAST)).moves())
                .anySatisfy(move -> assertThat(move.others()).isNotEmpty());
    }

    @Test
    void anUnknownHostIsRefused() {
        assertThatThrownBy(() -> solve(Map.of("h9", LEAST)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("h9");
    }
}
