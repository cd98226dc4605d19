package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.ClusterRules;
import io.github.godwit.strategy.cluster.ClusterRules.IdleServer;
import io.github.godwit.strategy.cluster.ClusterRules.Zones;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.PlacementRoom;
import io.github.godwit.strategy.cluster.RandomCluster;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaintenanceStrategyTest {

    private static Solution solve(ClusterModel cluster, String host, DestinationPolicy destinations) {
        return new MaintenanceStrategy(host, destinations).solve(new ClusterHistory(List.of(cluster)));
    }

    private static final ClusterModel THREE = DrawnCluster.draw("""
            host h1 cores=4 memory=8192 cpu=0.5 used=0.5
              vm small memory=512 cores=0.2
              vm large memory=2048 cores=1
              vm paused memory=512 state=paused
            host h2 cores=4 memory=8192 cpu=0.6 used=0.2
            host h3 cores=4 memory=8192 cpu=0.1 used=0.1
            """);

    @Test
    void allMovableVmsLeaveTheLargestFirstAndTheRestIsNamed() {
        Solution solution = solve(THREE, "h1", new DestinationPolicy.LeastLoaded());

        assertThat(solution.moves()).extracting(Move::vm).containsExactly("large", "small");
        assertThat(solution.moves()).extracting(Move::to).containsExactly("h3", "h3");
        assertThat(solution.verdict()).isEqualTo("2 of 3 VMs leave h1. paused stays: it is paused.");
        assertThat(solution.solved()).isFalse();
    }

    @Test
    void aBackupHostTakesAllVmsEvenIfItBecomesHot() {
        Solution solution = solve(THREE, "h1", DestinationPolicy.parse("fallback:h2"));

        assertThat(solution.moves()).extracting(Move::to).containsExactly("h2", "h2");
        assertThat(solution.moves().get(0).reason()).contains("Its load exceeds 75 %");
    }

    @Test
    void serversWithoutARunningVmCountAndAreNamed() {
        ClusterModel stopped =
                THREE.withRules(ClusterRules.NONE.withIdle(List.of(new IdleServer("5f0a", "db", "h2", "SHUTOFF"))));
        Solution solution = solve(stopped, "h2", new DestinationPolicy.LeastLoaded());
        assertThat(solution.verdict()).isEqualTo("0 of 1 VMs leave h2. Server db (5f0a) is SHUTOFF and stays.");
        assertThat(solution.solved()).isFalse();
    }

    @Test
    void aServerThatRunsButIsNotReportedIsNamedWithThat() {
        ClusterModel unseen =
                THREE.withRules(ClusterRules.NONE.withIdle(List.of(new IdleServer("5f0a", "db", "h2", "ACTIVE"))));
        assertThat(solve(unseen, "h2", new DestinationPolicy.LeastLoaded()).verdict())
                .isEqualTo(
                        "0 of 1 VMs leave h2. Server db (5f0a) is ACTIVE (its host driver does not report it) and stays.");
    }

    @Test
    void aPinnedVmStaysInItsZoneAndTheVerdictSaysSo() {
        ClusterModel zones = THREE.withRules(ClusterRules.NONE.withZones(
                new Zones(Map.of("h1", "az1", "h2", "az2", "h3", "az2"), Map.of("large", "az1"), false)));
        Solution solution = solve(zones, "h1", new DestinationPolicy.LeastLoaded());
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("small");
        assertThat(solution.verdict())
                .contains("large stays: no host can take it")
                .contains("h3 is in availability zone az2, but the VM is pinned to az1");
    }

    @Test
    void anEmptyHostNeedsNothingAndAnUnknownOneIsAnError() {
        assertThat(solve(THREE, "h2", new DestinationPolicy.LeastLoaded()).verdict())
                .isEqualTo("h2 is empty already.");
        assertThatThrownBy(() -> solve(THREE, "h9", new DestinationPolicy.LeastLoaded()))
                .hasMessage("There is no host 'h9'.");
    }

    @Test
    void everySolutionForARandomClusterIsCorrect() {
        int moves = 0;
        for (int seed = 0; seed < 300; seed++) {
            ClusterModel cluster = RandomCluster.of(seed, 8, 1.2);
            Solution solution = solve(cluster, "h0", new DestinationPolicy.RoundRobin());

            assertThat(MoveContract.faults(cluster, solution.moves(), 1, 1))
                    .as("seed %d", seed)
                    .isEmpty();
            assertThat(solution.moves()).as("seed %d", seed).allMatch(move -> "h0".equals(move.from()));
            assertThat(solution.solved())
                    .as("seed %d", seed)
                    .isEqualTo(solution.moves().size() == cluster.vmsOn("h0").size());
            moves += solution.moves().size();
        }
        assertThat(moves).isGreaterThan(300);
    }

    /** Two hosts of 8 GiB with three VMs of 2 GiB each, half of which is in use: without a ratio one more fits, with 1.5 all three. */
    @Test
    void placementsRatioDecidesHowMuchMemoryIsAssigned() {
        ClusterModel pair = DrawnCluster.draw("""
                host h1 cores=16 memory=8192 used=0.4
                  vm a memory=2048 resident=1024
                  vm b memory=2048 resident=1024
                  vm c memory=2048 resident=1024
                host h2 cores=16 memory=8192 used=0.4
                  vm d memory=2048 resident=1024
                  vm e memory=2048 resident=1024
                  vm f memory=2048 resident=1024
                """);
        assertThat(solve(pair, "h1", new DestinationPolicy.LeastLoaded()).moves())
                .hasSize(1);

        Map<String, PlacementRoom.Need> needs = Map.of("MEMORY_MB", PlacementRoom.Need.of(2048));
        PlacementRoom room = new PlacementRoom(
                Map.of("h2", Map.of("MEMORY_MB", new PlacementRoom.Room(6144, 8192))),
                Map.of("a", needs, "b", needs, "c", needs));
        Solution oversubscribed =
                solve(pair.withRules(ClusterRules.NONE.withRoom(room)), "h1", new DestinationPolicy.LeastLoaded());
        assertThat(oversubscribed.moves()).hasSize(3);
        assertThat(oversubscribed.solved()).isTrue();

        PlacementRoom less =
                new PlacementRoom(Map.of("h2", Map.of("MEMORY_MB", new PlacementRoom.Room(4096, 8192))), room.needs());
        assertThat(solve(pair.withRules(ClusterRules.NONE.withRoom(less)), "h1", new DestinationPolicy.LeastLoaded())
                        .moves())
                .hasSize(2);
    }
}
