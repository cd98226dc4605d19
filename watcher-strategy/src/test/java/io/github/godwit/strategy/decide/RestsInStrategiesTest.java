package io.github.godwit.strategy.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.model.hotspot.HotspotRule;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.decide.DestinationPolicy.LeastLoaded;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Hosts have 4 cores and 8192 MiB unless their line says otherwise. */
class RestsInStrategiesTest {

    private static final String HOT = """
            host h1 cpu=0.9 used=0.3
              vm small cores=1
              vm big cores=2
            host h2 cpu=0.2 used=0.1
            host h3 cpu=0.1 used=0.1
            """;

    private static final String SPREAD = """
            host h1 cpu=0.1 used=0.1
              vm a cores=0.4
            host h2 cpu=0.2 used=0.2
              vm b cores=0.4
              vm c cores=0.4
            """;

    private static Rests vm(String vm, String reason) {
        return new Rests(Map.of(vm, reason), Map.of(), Map.of(), Map.of(), Map.of(), Set.of());
    }

    private static Rests judged(String host, String reason) {
        return new Rests(Map.of(), Map.of(host, reason), Map.of(), Map.of(), Map.of(), Set.of());
    }

    private static Solution relieved(String drawing, double headroom, Rests rests) {
        return new HotspotStrategy(HotspotRule.DEFAULT, new LeastLoaded(), 10, headroom, rests)
                .solve(DrawnCluster.steady(drawing));
    }

    private static Solution packed(String drawing, double headroom, Rests rests) {
        return new ConsolidationStrategy(HotspotRule.DEFAULT, 10, headroom, rests).solve(DrawnCluster.steady(drawing));
    }

    @Test
    void aVmThatIsPassedOverIsNamedAndTheNextOneIsMoved() {
        Solution solution = relieved(HOT, 0, vm("big", "is passed over until noon: its last move failed"));
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("small");
        assertThat(solution.moves().get(0).reason())
                .contains("small has the largest Sandpiper volume of the VMs that can be migrated")
                .endsWith("big is passed over until noon: its last move failed.");
        assertThat(solution.verdict())
                .isEqualTo("One move ends the hotspot on h1. big is passed over until noon: its last move failed.");
    }

    @Test
    void aHostWhoseVmsAllRestStaysHotWithTheReason() {
        Solution solution = relieved(
                "host h1 cpu=0.9\n vm a cores=2\nhost h2", 0, vm("a", "rests until noon after its move from h2"));
        assertThat(solution.moves()).isEmpty();
        assertThat(solution.solved()).isFalse();
        assertThat(solution.verdict()).isEqualTo("h1 stays hot: a rests until noon after its move from h2.");
    }

    @Test
    void aHostWithOldFiguresIsNeitherHotNorADestination() {
        Solution old = relieved(HOT, 0, judged("h1", "rests because big left"));
        assertThat(old.moves()).isEmpty();
        assertThat(old.verdict())
                .isEqualTo("No host is hot: none of 2 was over 75 % CPU or 75 % memory in 3 of 5 samples. "
                        + "h1 rests because big left.");
        assertThat(relieved(HOT, 0, judged("h3", "rests because x came")).moves())
                .extracting(Move::vm, Move::to)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("big", "h2"));
    }

    @Test
    void aVmDoesNotReturnToTheHostThatItLeft() {
        Rests rests = new Rests(
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of("big", Map.of("h3", "left h3 and does not return until noon")),
                Set.of());
        assertThat(relieved(HOT, 0, rests).moves()).extracting(Move::to).containsExactly("h2");
    }

    @Test
    void aHostThatConsolidationEmptiedTakesAVmOnlyIfNoOtherCan() {
        Rests rests = new Rests(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Set.of("h3"));
        assertThat(relieved(HOT, 0, rests).moves()).extracting(Move::to).containsExactly("h2");
        assertThat(relieved(HOT, 0, rests).moves().get(0).others()).isEmpty();
        // h2 would come to 0.4 + 2/4 = 90 %
        String full = HOT.replace("host h2 cpu=0.2", "host h2 cpu=0.4");
        assertThat(relieved(full, 0, rests).moves()).extracting(Move::to).containsExactly("h3");
    }

    @Test
    void aDestinationKeepsHeadroom() {
        // big brings h3 to 0.1 + 2/4 = 60 % and h2 to 70 %
        assertThat(relieved(HOT, 0.1, Rests.NONE).moves()).extracting(Move::to).containsExactly("h3");
        Solution solution = relieved(HOT, 0.2, Rests.NONE);
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("small");
        assertThat(solution.moves().get(0).reason())
                .contains("h3 would be left with less than 20 % of its cores below the threshold (CPU 60 %)");
    }

    @Test
    void aHostThatWasHotGetsItsHeadroomBack() {
        // 0.9 - 0.7/4 = 0.725 is below the threshold by less than 10 % of the cores, 0.725 - 0.5/4 = 0.6 by more
        String hot = """
                host h1 cpu=0.9
                  vm a cores=0.7
                  vm b cores=0.5
                  vm c cores=0.4
                host h2
                """;
        assertThat(relieved(hot, 0, Rests.NONE).moves()).extracting(Move::vm).containsExactly("a");
        Solution solution = relieved(hot, 0.1, Rests.NONE);
        assertThat(solution.moves()).extracting(Move::vm).containsExactly("a", "b");
        assertThat(solution.verdict()).isEqualTo("2 moves end the hotspot on h1.");
        // a host that was not hot is left as it is, and one that lacks only headroom does not stay hot
        assertThat(relieved(hot.replace("0.9", "0.74"), 0.1, Rests.NONE).moves())
                .isEmpty();
        Solution one = relieved("host h1 cpu=0.8\n vm a cores=0.3\nhost h2", 0.1, Rests.NONE);
        assertThat(one.solved()).isTrue();
        assertThat(one.verdict()).isEqualTo("One move ends the hotspot on h1.");
    }

    @Test
    void consolidationLeavesWhatRests() {
        assertThat(packed(SPREAD, 0, Rests.NONE).moves()).extracting(Move::vm).containsExactly("a");
        Solution vm = packed(SPREAD, 0, vm("a", "rests until noon"));
        // h1 keeps a, so that h2 is emptied onto it
        assertThat(vm.verdict()).contains("h1 stays in use: a rests until noon.");
        Solution host = packed(SPREAD, 0, judged("h1", "rests because x left"));
        assertThat(host.moves()).isEmpty();
        assertThat(host.verdict())
                .startsWith("No host can be emptied now; 2 are in use. h1 stays in use: it rests because x left.")
                .contains("h2 stays in use: no other host in use can take b (h1 rests because x left)");
    }

    @Test
    void consolidationNeitherEmptiesAHelperNorFillsAHostThatWasHot() {
        Rests rests = new Rests(
                Map.of(),
                Map.of(),
                Map.of("h2", "keeps until noon what it took from hot h1"),
                Map.of("h1", "is not filled until noon because it was hot"),
                Map.of(),
                Set.of());
        Solution solution = packed("""
                host h1 cpu=0.2
                  vm a cores=0.4
                  vm b cores=0.4
                host h2 cpu=0.1
                  vm c cores=0.4
                host h3 cpu=0.3
                  vm d cores=0.4
                  vm e cores=0.4
                  vm f cores=0.4
                """, 0, rests);
        assertThat(solution.moves()).extracting(Move::from).containsExactly("h1", "h1");
        assertThat(solution.moves()).extracting(Move::to).containsExactly("h3", "h3");
        assertThat(solution.verdict()).contains("h2 stays in use: it keeps until noon what it took from hot h1");
    }

    @Test
    void consolidationFillsHostsOnlyUpToTheHeadroom() {
        // a brings h2 to 0.2 + 0.4/4 = 30 %
        assertThat(packed(SPREAD, 0.44, Rests.NONE).moves())
                .extracting(Move::vm)
                .containsExactly("a");
        assertThat(packed(SPREAD, 0.6, Rests.NONE).moves()).isEmpty();
    }
}
