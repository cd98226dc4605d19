package io.github.godwit.host.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.load.MigrationNics.NicLoad;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.metrics.NetworkCounters.Count;
import io.github.godwit.host.nic.MigrationRoute;
import io.github.godwit.host.nic.NetworkTracker;
import io.github.godwit.host.nic.PeerAddress;
import io.github.godwit.host.nic.RouteLookup;
import io.github.godwit.host.nic.SysfsTree;
import io.github.godwit.host.vm.Vm;
import io.github.godwit.host.vm.VmList;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

class RoutedNicsTest {

    private static final Bandwidth ASSUMED = Bandwidth.parse("1gbit");

    @TempDir
    Path sysfs;

    private SysfsTree tree;
    private NetworkTracker tracker;

    @BeforeEach
    void aBondAndANic() throws IOException {
        tree = new SysfsTree(sysfs)
                .hardware("eth0", "10000")
                .hardware("eth1", "10000")
                .hardware("eth2", "25000")
                .bond("bond0", "802.3ad 4", "eth0", "eth1")
                .over("bond0.7", "bond0");
        counters("bond0", 1000, 2000);
        counters("eth2", 30, 40);
        counters("tap1", 5, 6);
        counters("tap2", 50, 60);
        tracker = new NetworkTracker(sysfs);
    }

    @AfterEach
    void stop() {
        tracker.close();
    }

    @Test
    void thePeerDecidesAboutTheNicAndTheOperatorsRateIsThatOfTheUsualOneOnly() {
        RoutedNics nics = nics(route("bond0.7"), Optional.of(Bandwidth.parse("5gbit")));
        assertThat(nics.towards(Optional.empty()))
                .isEqualTo(new NicLoad("bond0.7 on bond0", Bandwidth.parse("5gbit"), Traffic.NONE));
        assertThat(nics.towards(peer())).isEqualTo(new NicLoad("eth2", Bandwidth.parse("25gbit"), Traffic.NONE));
    }

    @Test
    void withoutARateOfTheOperatorTheBondsNicsAreAddedUp() {
        assertThat(nics(route("bond0.7"), Optional.empty())
                        .towards(Optional.empty())
                        .link())
                .isEqualTo(Bandwidth.parse("20gbit"));
    }

    @Test
    void anUnknownNicHasTheOperatorsRateOrTheAssumedOne() {
        MigrationRoute nowhere =
                new MigrationRoute(tree.devices(), Optional.empty(), Optional.empty(), new RouteLookup(words -> "[]"));
        assertThat(nics(nowhere, Optional.empty()).towards(peer())).isEqualTo(new NicLoad(null, ASSUMED, Traffic.NONE));
        assertThat(nics(nowhere, Optional.empty()).known(peer())).isEmpty();
        assertThat(nics(nowhere, Optional.of(Bandwidth.parse("2gbit")))
                        .towards(peer())
                        .link())
                .isEqualTo(Bandwidth.parse("2gbit"));
    }

    @Test
    void countersAreThoseOfHardwareOfMigrationNicsAndOfVmsWithTaps() {
        VmList vms = Mockito.mock(VmList.class);
        Mockito.doReturn(List.of(vm("a", "tap1", "tap2"), vm("b"), vm("c", "tap9")))
                .when(vms)
                .all();
        TrackedCounters counters = new TrackedCounters(vms, tracker, tree.devices(), route("bond0.7"));

        // eth0 and eth1 have no counters in this tree.
        assertThat(counters.ofNics()).containsExactly(new Count("bond0", 1000, 2000), new Count("eth2", 30, 40));
        // What the host sends to a tap, the VM receives: 6 + 60 bytes.
        assertThat(counters.ofVms()).containsExactly(new Count("a", 66, 55));

        HostMetrics metrics = new HostMetrics("test");
        metrics.add(counters);
        assertThat(metrics.scrape())
                .contains(
                        "# TYPE godwit_host_vm_network_bytes_total counter",
                        "godwit_host_vm_network_bytes_total{direction=\"in\",vm=\"a\"} 66.0",
                        "godwit_host_vm_network_bytes_total{direction=\"out\",vm=\"a\"} 55.0",
                        "godwit_host_nic_bytes_total{direction=\"out\",nic=\"bond0\"} 2000.0");
        Mockito.doReturn(List.of()).when(vms).all();
        assertThat(metrics.scrape()).doesNotContain("vm=\"a\"");
    }

    private static Vm vm(String name, String... taps) {
        Vm vm = Mockito.mock(Vm.class);
        Mockito.when(vm.name()).thenReturn(name);
        Mockito.when(vm.taps()).thenReturn(List.of(taps));
        return vm;
    }

    private RoutedNics nics(MigrationRoute route, Optional<Bandwidth> given) {
        return new RoutedNics(sysfs, route, tracker, given, ASSUMED);
    }

    /** The usual NIC is the given one, and the peer is behind eth2. */
    private MigrationRoute route(String usual) {
        return new MigrationRoute(
                tree.devices(),
                Optional.of(usual),
                Optional.empty(),
                new RouteLookup(words -> "[{\"dst\":\"10.0.0.2\",\"dev\":\"eth2\"}]"));
    }

    private static Optional<InetAddress> peer() {
        return PeerAddress.find("10.0.0.2");
    }

    private void counters(String name, long received, long sent) throws IOException {
        tree.file(name, "statistics/rx_bytes", Long.toString(received))
                .file(name, "statistics/tx_bytes", Long.toString(sent));
    }
}
