package io.github.godwit.strategy.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.Prometheus.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {

    private static Sample series(String owner, String instance, double value) {
        return new Sample(Map.of("owner", owner, "instance", instance), value);
    }

    /** The owners of a series are the words in its label. */
    private static Set<String> owners(Sample series) {
        return Set.copyOf(Arrays.asList(series.labels().get("owner").split(" ", -1)));
    }

    private static Figures of(LoadMetric metric, Sample... series) {
        return Figures.of(
                metric,
                List.of(series),
                FiguresTest::owners,
                (owner, each) -> each.labels().get("instance").startsWith("home"));
    }

    /** Two jobs for one exporter, the replicas of a pair, or a federation. */
    @Test
    void ofSeriesThatAgreeTheLargestCountsAndNoneIsAdded() {
        Figures figures = of(LoadMetric.VM_CPU, series("a", "1", 1.9), series("a", "2", 2), series("b", "1", 0.5));
        assertThat(figures.values()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 2.0, "b", 0.5));
        assertThat(figures.troubles()).isEmpty();
    }

    @Test
    void seriesThatContradictEachOtherCostOnlyThisOneItsFigure() {
        Figures figures = of(LoadMetric.HOST_CPU, series("a", "1", 0.1), series("a", "2", 0.9), series("b", "3", 0.5));
        assertThat(figures.values()).containsExactlyEntriesOf(Map.of("b", 0.5));
        assertThat(figures.troubles().get("a"))
                .isEqualTo(new Figures.Trouble(
                        "The series of its host_cpu contradict each other",
                        ": 0.1000 in {instance=\"1\", owner=\"a\"}, 0.9000 in {instance=\"2\", owner=\"a\"}"));
    }

    @ParameterizedTest
    @CsvSource({
        // 20 % of the larger one, or a trifle
        "HOST_CPU, 0.80, 1.00, true",
        "HOST_CPU, 0.79, 1.00, false",
        "HOST_CPU, 0.02, 0.11, true",
        "VM_CPU, 3.2, 4, true",
        "VM_CPU, 3.1, 4, false",
        "VM_CPU, 0, 0.25, true",
        "VM_MEMORY, 0, 67108864, true",
        "VM_MEMORY, 0, 67108865, false",
        "HOST_RECEIVE, 1e6, 1e7, true",
        "HOST_RECEIVE, 1e8, 2e8, false",
    })
    void figuresAgreeIfTheyMayBeOfTheSameThing(LoadMetric metric, double smaller, double larger, boolean agree) {
        assertThat(metric.agree(smaller, larger)).isEqualTo(agree);
    }

    @ParameterizedTest
    @CsvSource({"NaN", "Infinity", "-Infinity"})
    void whatIsNoFiniteNumberIsNoFigure(double value) {
        Figures figures = of(LoadMetric.HOST_CPU, series("a", "1", value), series("b", "1", 0.5));
        assertThat(figures.values()).containsOnlyKeys("b");
        assertThat(figures.troubles().get("a"))
                .isEqualTo(new Figures.Trouble("Its host_cpu is not a finite number", ""));
        assertThat(of(LoadMetric.HOST_CPU, series("a", "1", value), series("a", "2", 0.4))
                        .values())
                .containsEntry("a", 0.4);
    }

    /** A percentage instead of a share would make every host hot; nanoseconds are no cores. */
    @ParameterizedTest
    @CsvSource({
        "HOST_CPU, 85, Its host_cpu is not a share from 0 to 1, 85.00",
        "HOST_MEMORY, -3, Its host_memory is not a share from 0 to 1, -3.000",
        "VM_CPU, 1.5e9, Its vm_cpu is not a number of cores, 1.500e+09",
        "VM_MEMORY, 1e30, Its vm_memory is not bytes of memory, 1.000e+30",
    })
    void whatCannotBeMeantIsNoFigure(LoadMetric metric, double value, String what, String told) {
        Figures figures = of(metric, series("a", "1", value));
        assertThat(figures.values()).isEmpty();
        assertThat(figures.troubles().get("a")).isEqualTo(new Figures.Trouble(what, ": it is " + told));
    }

    @Test
    void aSeriesThatMayBeOfSeveralIsOfNone() {
        Figures figures = of(LoadMetric.VM_CPU, series("a b", "1", 1), series("c", "1", 2));
        assertThat(figures.values()).containsExactlyEntriesOf(Map.of("c", 2.0));
        assertThat(figures.troubles()).containsOnlyKeys("a", "b");
        assertThat(figures.troubles().get("a").what()).isEqualTo("A series of vm_cpu may belong to others as well");
    }

    @Test
    void aSeriesOfItsOwnMakesUpForOneThatIsAmbiguous() {
        Figures figures = of(LoadMetric.VM_CPU, series("a b", "1", 1), series("a", "2", 2));
        assertThat(figures.values()).containsExactlyEntriesOf(Map.of("a", 2.0));
        assertThat(figures.troubles()).containsOnlyKeys("b");
    }

    /** It has just left another host, whose exporter was read before. */
    @Test
    void theSeriesFromTheHostOfAVmCountsAndNotThatOfAnotherHost() {
        Figures figures = of(LoadMetric.VM_CPU, series("a", "before", 3), series("a", "home", 1));
        assertThat(figures.values()).containsExactlyEntriesOf(Map.of("a", 1.0));
    }

    /** Two cells: the same domain on two hosts. */
    @Test
    void theHostTellsWhichOfSeveralVmsItIs() {
        Figures figures = Figures.of(
                LoadMetric.VM_CPU,
                List.of(series("a b", "h1", 1), series("a b", "h2", 2)),
                FiguresTest::owners,
                (vm, each) -> each.labels().get("instance").equals("a".equals(vm) ? "h1" : "h2"));
        assertThat(figures.values()).containsExactlyInAnyOrderEntriesOf(Map.of("a", 1.0, "b", 2.0));
    }
}
