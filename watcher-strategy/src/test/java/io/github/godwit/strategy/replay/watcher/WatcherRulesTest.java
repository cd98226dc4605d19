package io.github.godwit.strategy.replay.watcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Host;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Transfer;
import io.github.godwit.strategy.replay.watcher.WatcherSnapshot.Vm;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Worked by hand; devstack/watcher-rules compares the rules with Watcher's own classes. */
class WatcherRulesTest {

    private static Host host(String name, int cores, boolean enabled, double cpu) {
        return new Host(name, cores, 1000, enabled, cpu);
    }

    private static Vm vm(String name, String host, int cores, double cpu) {
        return new Vm(name, host, cores, 100, cpu, cpu, 50);
    }

    private static List<Transfer> stabilized(WatcherSnapshot snapshot) {
        return WorkloadStabilization.moves(snapshot, bound -> 0);
    }

    /** Loads of 80 % and 20 %: deviation 0.3. Moving a, 3 of 10 cores, leads to 0; moving b, 1 core, to 0.2. */
    @Test
    void stabilizationMovesTheVmThatLowersTheDeviationMost() {
        WatcherSnapshot snapshot = new WatcherSnapshot(
                List.of(host("h1", 10, true, 80), host("h2", 10, true, 20)),
                List.of(vm("b", "h1", 1, 100), vm("a", "h1", 4, 75)));
        assertThat(stabilized(snapshot)).containsExactly(new Transfer("a", "h1", "h2"));
    }

    @Test
    void stabilizationDoesNothingUpToItsThreshold() {
        List<Vm> vms = List.of(vm("a", "h1", 1, 100));
        assertThat(stabilized(new WatcherSnapshot(List.of(host("h1", 10, true, 30), host("h2", 10, true, 10)), vms)))
                .isEmpty();
        assertThat(stabilized(new WatcherSnapshot(List.of(host("h1", 10, true, 31), host("h2", 10, true, 10)), vms)))
                .hasSize(1);
    }

    @Test
    void stabilizationLeavesDisabledHostsOut() {
        WatcherSnapshot snapshot = new WatcherSnapshot(
                List.of(host("h1", 10, true, 80), host("h2", 10, false, 0), host("h3", 10, true, 20)),
                List.of(vm("a", "h1", 4, 75)));
        assertThat(stabilized(snapshot)).containsExactly(new Transfer("a", "h1", "h3"));
    }

    /** Uses of 1, 2 and 4 of 8 cores: c goes from the least to the most busy host, then a, which brings that to 7. */
    @Test
    void consolidationFillsTheBusiestHost() {
        WatcherSnapshot snapshot = new WatcherSnapshot(
                List.of(host("h1", 8, true, 0), host("h2", 8, true, 0), host("h3", 8, true, 0)),
                List.of(vm("a", "h1", 4, 50), vm("b", "h2", 8, 50), vm("c", "h3", 1, 100)));
        VmWorkloadConsolidation.Wanted wanted = VmWorkloadConsolidation.wanted(snapshot);
        assertThat(wanted.moves()).containsExactly(new Transfer("c", "h3", "h2"), new Transfer("a", "h1", "h2"));
        assertThat(wanted.disabled()).containsExactly("h1", "h3");
        assertThat(wanted.enabled()).isEmpty();
    }

    /** 9.6 of 8 cores: one VM of 4.8 leaves, to a host that is enabled for it; then none fits on the other. */
    @Test
    void consolidationOffloadsAHostOverItsCapacity() {
        WatcherSnapshot snapshot = new WatcherSnapshot(
                List.of(host("h1", 8, true, 100), host("h2", 8, false, 0)),
                List.of(vm("a", "h1", 8, 60), vm("b", "h1", 8, 60)));
        VmWorkloadConsolidation.Wanted wanted = VmWorkloadConsolidation.wanted(snapshot);
        assertThat(wanted.moves()).containsExactly(new Transfer("a", "h1", "h2"));
        assertThat(wanted.enabled()).containsExactly("h2");
        assertThat(wanted.disabled()).isEmpty();
    }

    /** Watcher takes 0 % for a missing value: the VM counts with all of its 8 cores, and fits nowhere. */
    @Test
    void anIdleVmCountsWithAllOfItsCores() {
        WatcherSnapshot snapshot = new WatcherSnapshot(
                List.of(host("h1", 8, true, 0), host("h2", 8, true, 0)),
                List.of(vm("a", "h1", 8, 0), vm("b", "h2", 8, 50)));
        assertThat(VmWorkloadConsolidation.wanted(snapshot).moves()).isEmpty();
    }
}
