package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.ClusterHistory;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every solution for a random cluster meets the conditions of {@link Strategy}. */
class RandomClustersTest {

    private static final int CLUSTERS = 120;

    @ParameterizedTest
    @ValueSource(strings = {"least-loaded", "random:7", "round-robin", "fallback:h1,h0,h3"})
    void everySolutionIsCorrect(String policy) {
        int moves = 0;
        int unsolved = 0;
        for (int seed = 0; seed < CLUSTERS; seed++) {
            Random random = new Random(seed);
            int samples = 1 + random.nextInt(5);
            HotspotRule rule = new HotspotRule(0.75, 0.8, 1 + random.nextInt(samples), samples, Duration.ofMinutes(1));
            int maxMoves = 1 + random.nextInt(8);
            ClusterHistory history = history(random, samples);
            Strategy strategy = new HotspotStrategy(rule, DestinationPolicy.parse(policy), maxMoves);

            Solution solution = strategy.solve(history);

            assertThat(new SolutionChecker(rule, history).faults(solution, maxMoves))
                    .as("seed %d: %s", seed, solution)
                    .isEmpty();
            assertThat(strategy.solve(history))
                    .as("seed %d: the same again", seed)
                    .isEqualTo(solution);
            moves += solution.moves().size();
            unsolved += solution.solved() ? 0 : 1;
        }
        assertThat(moves).as("clusters that ask for moves").isGreaterThan(CLUSTERS / 4);
        assertThat(unsolved).as("clusters that cannot be solved").isBetween(10, CLUSTERS - 10);
    }

    private static ClusterHistory history(Random random, int samples) {
        int hosts = 1 + random.nextInt(8);
        long layout = random.nextLong();
        List<ClusterModel> snapshots = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            snapshots.add(snapshot(new Random(layout), random, hosts));
        }
        return new ClusterHistory(snapshots);
    }

    /** The sizes depend on {@code layout}, which is the same for each snapshot; the loads vary. */
    private static ClusterModel snapshot(Random layout, Random loads, int hosts) {
        StringBuilder drawing = new StringBuilder();
        int vm = 0;
        for (int h = 0; h < hosts; h++) {
            int cores = 1 + layout.nextInt(16);
            int memory = 1024 * (2 + layout.nextInt(14));
            StringBuilder vms = new StringBuilder();
            double busyCores = 0.1 * loads.nextDouble() * cores;
            double usedMemory = 0.1 * loads.nextDouble() * memory;
            int count = layout.nextInt(6);
            double weight = layout.nextDouble() * 0.5;
            for (int v = 0; v < count; v++) {
                double use = weight * cores * (0.5 + loads.nextDouble());
                int promised = 16 + (int) (weight * memory * (0.2 + layout.nextDouble()));
                int resident = 8 + (int) ((promised - 8) * loads.nextDouble());
                busyCores += use;
                usedMemory += resident;
                vms.append("vm v%d memory=%d resident=%d cores=%s out=%d state=%s%s\n"
                        .formatted(
                                vm++,
                                promised,
                                resident,
                                use,
                                loads.nextInt(200),
                                layout.nextInt(12) == 0 ? "paused" : "running",
                                layout.nextInt(12) == 0 ? " migration=1" : ""));
            }
            drawing.append("host h%d cores=%d memory=%d cpu=%s used=%s out=%d\n%s"
                    .formatted(
                            h,
                            cores,
                            memory,
                            Math.min(1, busyCores / cores),
                            Math.min(1, usedMemory / memory),
                            loads.nextInt(900),
                            vms));
        }
        return DrawnCluster.draw(drawing.toString());
    }
}
