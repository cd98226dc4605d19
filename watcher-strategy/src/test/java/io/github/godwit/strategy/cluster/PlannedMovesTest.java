package io.github.godwit.strategy.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.strategy.cluster.PlannedMoves.Target;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the hosts carry after moves. */
class PlannedMovesTest {

    private static final ClusterModel NOW = DrawnCluster.draw("""
            host h1 cores=4 memory=8192 cpu=0.9 used=0.4
              vm db memory=2048 resident=1024 cores=1.6
              vm web memory=1024 resident=512 cores=1.5
            host h2 cores=8 memory=8192 cpu=0.1 used=0.1
            """);

    @Test
    void loadMovesWithTheVms() {
        PlannedMoves moves = PlannedMoves.of(NOW, List.of(new Target("db", "h2"), new Target("web", "h2")));

        assertThat(moves.moved()).isEqualTo(2);
        assertThat(moves.notes()).isEmpty();
        assertThat(moves.after().vmsOn("h2")).hasSize(2);
        assertThat(moves.after().host("h1").profile().cpuLoad()).isCloseTo(0.9 - 3.1 / 4, within(1e-9));
        assertThat(moves.after().host("h2").profile().cpuLoad()).isCloseTo(0.1 + 3.1 / 8, within(1e-9));
    }

    @Test
    void movesThatChangeNothingAnyMoreAreNoted() {
        PlannedMoves moves = PlannedMoves.of(
                NOW, List.of(new Target("gone", "h2"), new Target("db", "h9"), new Target("web", "h1")));

        assertThat(moves.after()).isEqualTo(NOW);
        assertThat(moves.moved()).isZero();
        assertThat(moves.notes())
                .containsExactly(
                        "No host driver that answers has VM gone.",
                        "No host driver answers for h9, where db is to go.",
                        "VM web is on h1 already.");
    }
}
