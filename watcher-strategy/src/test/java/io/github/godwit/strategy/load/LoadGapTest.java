package io.github.godwit.strategy.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.Omission;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoadGapTest {

    private static final ClusterModel CLUSTER = DrawnCluster.draw("""
            host h1
              vm a
              vm b
              vm off state=paused
            host h2
            """);

    private final Map<LoadMetric, Figures> figures = new EnumMap<>(Map.of(
            LoadMetric.HOST_CPU, new Figures(Map.of("h1", 0.1, "h2", 0.2), Map.of()),
            LoadMetric.HOST_MEMORY, new Figures(Map.of("h1", 0.1, "h2", 0.2), Map.of()),
            LoadMetric.VM_CPU, new Figures(Map.of("a", 1.0, "b", 1.0), Map.of())));

    private List<LoadGap> gaps() {
        return LoadGap.of("Prometheus", CLUSTER, figures);
    }

    private List<Omission> told() {
        return LoadGap.told(gaps());
    }

    @Test
    void nothingIsToldWhereEverybodyHasAllThatWasAsked() {
        assertThat(told()).isEmpty();
    }

    @Test
    void aHostIsToldWithAllThatItLacks() {
        figures.put(LoadMetric.HOST_CPU, new Figures(Map.of("h1", 0.1), Map.of()));
        figures.put(
                LoadMetric.HOST_MEMORY,
                new Figures(Map.of("h1", 0.1), Map.of("h2", new Figures.Trouble("Its host_memory is wrong", ": 7"))));
        assertThat(told())
                .containsExactly(
                        new Omission(
                                "load of host 'h2'",
                                "Prometheus has no host_cpu. Its host_memory is wrong: 7. The host driver's figures are used."));
    }

    @Test
    void runningVmsThatLackTheSameAreToldTogether() {
        figures.put(LoadMetric.VM_CPU, new Figures(Map.of(), Map.of()));
        assertThat(told()).singleElement().satisfies(omission -> {
            assertThat(omission.what()).isEqualTo("load of VMs 'a', 'b'");
            assertThat(omission.reason()).startsWith("Prometheus has no vm_cpu. The host driver's figures are used.");
        });
    }

    @Test
    void aLongListIsCut() {
        String vms = IntStream.range(100, 200).mapToObj(i -> "  vm v" + i).collect(Collectors.joining("\n"));
        List<LoadGap> gaps = LoadGap.of(
                "Prometheus",
                DrawnCluster.draw("host h1\n" + vms),
                Map.of(LoadMetric.VM_CPU, new Figures(Map.of(), Map.of())));
        assertThat(LoadGap.told(gaps))
                .singleElement()
                .satisfies(omission -> assertThat(omission.what())
                        .startsWith("load of VMs 'v100', 'v101', ")
                        .endsWith("'v119' and 80 others"));
    }

    @Test
    void aGapIsNewOnceUntilItsReasonChangesOrItHasEnded() {
        GapLog log = new GapLog();
        assertThat(log.see(gaps(), LoadGap.owners(CLUSTER))).isEmpty();

        figures.put(LoadMetric.VM_CPU, new Figures(Map.of("a", 1.0), Map.of()));
        assertThat(log.see(gaps(), LoadGap.owners(CLUSTER)))
                .extracting(LoadGap::name)
                .containsExactly("b");
        assertThat(log.see(gaps(), LoadGap.owners(CLUSTER))).isEmpty();

        figures.put(LoadMetric.VM_CPU, new Figures(Map.of(), Map.of()));
        assertThat(log.see(gaps(), LoadGap.owners(CLUSTER)))
                .extracting(LoadGap::name)
                .containsExactly("a");

        trouble(": it is 85");
        assertThat(log.see(gaps(), LoadGap.owners(CLUSTER)))
                .extracting(LoadGap::name)
                .containsExactly("a");
        trouble(": it is 86");
        assertThat(log.see(gaps(), LoadGap.owners(CLUSTER))).isEmpty();

        figures.put(LoadMetric.VM_CPU, new Figures(Map.of("a", 1.0, "b", 1.0), Map.of()));
        assertThat(log.see(gaps(), LoadGap.owners(CLUSTER))).isEmpty();
        figures.put(LoadMetric.VM_CPU, new Figures(Map.of("a", 1.0), Map.of()));
        assertThat(log.see(gaps(), LoadGap.owners(CLUSTER)))
                .extracting(LoadGap::name)
                .containsExactly("b");
    }

    private void trouble(String detail) {
        figures.put(
                LoadMetric.VM_CPU,
                new Figures(Map.of(), Map.of("a", new Figures.Trouble("Its vm_cpu is no number of cores", detail))));
    }
}
