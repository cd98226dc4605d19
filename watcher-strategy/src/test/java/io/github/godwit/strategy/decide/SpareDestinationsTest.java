package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.RandomCluster;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpareDestinationsTest {

    private static final HotspotRule RULE = new HotspotRule(0.75, 0.75, 1, 1, Duration.ZERO);

    @Test
    void aHostIsAFurtherDestinationOnlyIfItHasRoomForAllThatMayCome() {
        Solution solution =
                new MaintenanceStrategy("h1", DestinationPolicy.parse("least-loaded")).solve(DrawnCluster.steady("""
                        host h1 memory=8192
                          vm a memory=1024 resident=1000
                          vm b memory=1024 resident=1000
                        host h2 memory=8192 used=0.2
                        host h3 memory=1536
                        """));

        // h3 can take one of both without more than 75 % of its memory in use
        assertThat(solution.moves()).extracting(Move::destinations).containsExactly(List.of("h3", "h2"), List.of("h2"));
    }

    @Test
    void aDestinationPolicyThatNamesTheHostStaysObeyed() {
        Solution solution = new MaintenanceStrategy("h1", DestinationPolicy.parse("fallback:h2,h3"))
                .solve(DrawnCluster.steady("host h1\nvm a\nhost h2\nhost h3"));
        assertThat(solution.moves()).extracting(Move::destinations).containsExactly(List.of("h2"));
    }

    @Test
    void everyChoiceAmongTheDestinationsKeepsTheConditions() {
        int choices = 0;
        for (int seed = 0; seed < 60; seed++) {
            ClusterModel cluster = RandomCluster.of(seed, 12, 0.6);
            ClusterHistory history = new ClusterHistory(List.of(cluster));
            for (Strategy strategy : List.of(
                    new ConsolidationStrategy(RULE, 100),
                    new HotspotStrategy(RULE, DestinationPolicy.parse("least-loaded"), 100))) {
                List<Move> moves = strategy.solve(history).moves();
                Random random = new Random(seed);
                List<Move> chosen = moves.stream()
                        .map(move -> move.to(move.destinations()
                                .get(random.nextInt(move.destinations().size()))))
                        .toList();
                choices += (int)
                        moves.stream().filter(move -> !move.others().isEmpty()).count();
                assertThat(MoveContract.faults(cluster, chosen, 0.75, 0.75))
                        .as("%s, seed %d", strategy.name(), seed)
                        .isEmpty();
            }
        }
        assertThat(choices).isGreaterThan(20);
    }
}
