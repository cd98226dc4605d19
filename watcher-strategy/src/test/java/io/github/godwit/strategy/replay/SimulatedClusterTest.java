package io.github.godwit.strategy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Two hosts with 4 cores and 4 GiB each, in steps of five minutes. */
class SimulatedClusterTest {

    private static final ClusterSize SIZE = new ClusterSize(2, 4, 4);

    private static VmLoad vm(String name, int cores, long mib, float... percent) {
        return new VmLoad(name, cores, mib, percent);
    }

    private static SimulatedCluster cluster(VmLoad... vms) {
        return new SimulatedCluster(new LoadTrace(Duration.ofMinutes(5), List.of(vms)), SIZE, 0.75);
    }

    @Test
    void vmsStartWhereTheMostMemoryIsFree() {
        ClusterModel model = cluster(vm("a", 1, 1024, 0), vm("b", 1, 512, 0), vm("c", 1, 256, 0))
                .model();
        assertThat(model.vm("a").host()).isEqualTo("h001");
        assertThat(model.vm("b").host()).isEqualTo("h002");
        assertThat(model.vm("c").host()).isEqualTo("h002");
        assertThat(model.host("h001").profile().memoryLoad()).isEqualTo(0.125); // half of 1024 of 4096
    }

    @Test
    void whatIsMeasuredIsThatOfTheStepBefore() {
        SimulatedCluster cluster = cluster(vm("a", 4, 1024, 50, 100), vm("b", 4, 1024, 10, 10));
        assertThat(cluster.model().host("h001").load().cpu()).isZero();
        cluster.advance();
        assertThat(cluster.model().host("h001").load().cpu()).isCloseTo(0.5, within(1e-6));
        assertThat(cluster.model().vm("b").vcpuUse()).isCloseTo(0.4, within(1e-6));
        cluster.advance();
        assertThat(cluster.ended()).isTrue();
        assertThat(cluster.model().host("h001").load().cpu()).isEqualTo(1);
    }

    @Test
    void vmsShareAHostThatIsTooSmall() {
        SimulatedCluster cluster = cluster(vm("a", 4, 1024, 100, 100), vm("b", 4, 1024, 50, 50));
        assertThat(cluster.move("b", "h001")).isTrue();
        cluster.advance();
        // they want 4 and 2 of 4 cores: each gets two thirds
        assertThat(cluster.model().vm("a").vcpuUse()).isCloseTo(8 / 3.0, within(1e-6));
        assertThat(cluster.model().vm("b").vcpuUse()).isCloseTo(4 / 3.0, within(1e-6));
        assertThat(cluster.hotSteps()).isEqualTo(1);
        assertThat(cluster.overloadedSteps()).isEqualTo(1);
        assertThat(cluster.usedHostSteps()).isEqualTo(1);
    }

    @Test
    void placementRefusesWhatDoesNotFit() {
        SimulatedCluster cluster = cluster(vm("a", 1, 3072, 0), vm("b", 1, 2048, 0));
        assertThat(cluster.move("b", "h001")).isFalse();
        assertThat(cluster.model().vm("b").host()).isEqualTo("h002");
        assertThatThrownBy(() -> cluster(vm("a", 8, 1024, 0))).hasMessageContaining("is larger than a host");
        assertThatThrownBy(() -> cluster(vm("a", 1, 3072, 0), vm("b", 1, 3072, 0), vm("c", 1, 3072, 0)))
                .hasMessageContaining("No host has 3072 MiB left for VM 'c'");
    }

    @Test
    void vmsStopAndStartAgainOnHostsThatAreEnabled() {
        SimulatedCluster cluster = cluster(vm("a", 1, 1024, 0, Float.NaN, 0), vm("b", 1, 1024, 0, 0, 0));
        cluster.enable(Set.of(), Set.of("h001"));
        cluster.advance();
        assertThat(cluster.model().findVm("a")).isEmpty();
        cluster.advance();
        assertThat(cluster.model().vm("a").host()).isEqualTo("h002");
    }

    @Test
    void watcherReadsMeansOverItsPeriods() {
        SimulatedCluster cluster = cluster(vm("a", 4, 1024, 0, 0, 50, 100), vm("b", 1, 1024, 0, 0, 0, 0));
        cluster.advance();
        cluster.advance();
        cluster.advance();
        cluster.advance();
        WatcherSnapshot snapshot = cluster.snapshot();
        // of the host over 10 minutes, of the VM over 12, which are two steps, and over an hour, of which there are
        // four
        assertThat(snapshot.hosts().get(0).cpuPercent()).isCloseTo(75, within(1e-6));
        assertThat(snapshot.vms().get(0).cpuPercent()).isCloseTo(75, within(1e-6));
        assertThat(snapshot.vms().get(0).hourCpuPercent()).isCloseTo(37.5, within(1e-6));
        assertThat(snapshot.vms().get(0).hourMemoryMib()).isEqualTo(512);
    }

    @Test
    void aMoveIsUndoneByAReturnInTime() {
        MoveLog log = new MoveLog(Duration.ofMinutes(5));
        log.moved(0, "a", "h1", "h2");
        log.moved(2, "b", "h1", "h2");
        log.moved(6, "a", "h2", "h1"); // after 30 minutes
        log.moved(20, "b", "h2", "h3");
        log.moved(25, "b", "h3", "h1"); // 115 minutes after it left h1
        assertThat(log.undoneWithin(Duration.ofMinutes(25))).isZero();
        assertThat(log.undoneWithin(Duration.ofMinutes(30))).isEqualTo(1);
        assertThat(log.undoneWithin(Duration.ofHours(2))).isEqualTo(2);
    }
}
