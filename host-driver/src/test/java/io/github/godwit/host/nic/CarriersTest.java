package io.github.godwit.host.nic;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.nic.NetDevices.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarriersTest {

    @TempDir
    Path sysfs;

    private SysfsTree tree;

    @BeforeEach
    void twoNics() throws IOException {
        tree = new SysfsTree(sysfs).hardware("eth0", "10000").hardware("eth1", "10000");
    }

    @Test
    void aNicCarriesItself() {
        assertThat(carriers("eth0")).containsExactly("eth0");
    }

    @Test
    void aVlanIsCarriedByTheNicBelowItWithWhatOtherVlansSend() throws IOException {
        tree.over("eth0.100", "eth0");
        assertThat(carriers("eth0.100")).containsExactly("eth0");
    }

    @Test
    void aMacvlanOnAVlanOnABondIsCarriedByTheBondAndNotByItsNics() throws IOException {
        tree.bond("bond0", "802.3ad 4", "eth0", "eth1")
                .over("bond0.100", "bond0")
                .over("mac0", "bond0.100");
        assertThat(carriers("mac0")).containsExactly("bond0");
    }

    @Test
    void aTeamCarriesItself() throws IOException {
        tree.over("team0", "eth0", "eth1").over("team0.7", "team0");
        assertThat(carriers("team0.7")).containsExactly("team0");
    }

    @Test
    void aBridgeIsCarriedByTheNicBelowItsPortAndNeverByTapsOrVeths() throws IOException {
        tree.over("eth0.100", "eth0").tap("tap1").other("veth1").bridge("br0", "eth0.100", "tap1", "veth1");
        assertThat(carriers("br0")).containsExactly("eth0");
    }

    @Test
    void aBridgeWithTwoNicsIsCarriedByBoth() throws IOException {
        tree.bridge("br0", "eth0", "eth1");
        assertThat(carriers("br0")).containsExactly("eth0", "eth1");
    }

    @Test
    void twoVlansOfOneNicCountItOnce() throws IOException {
        tree.over("eth0.1", "eth0").over("eth0.2", "eth0").bridge("br0", "eth0.1", "eth0.2");
        assertThat(carriers("br0")).containsExactly("eth0");
    }

    @Test
    void aBridgeWithoutHardwareIsCarriedByItsOnlyPortThatIsNoTap() throws IOException {
        tree.tap("tap1").other("veth1").bridge("br0", "tap1", "veth1");
        assertThat(carriers("br0")).containsExactly("veth1");
    }

    @Test
    void aBridgeWithoutAWayOutCarriesItself() throws IOException {
        tree.tap("tap1").bridge("br0", "tap1");
        tree.other("veth1").other("veth2").bridge("br1", "veth1", "veth2");
        assertThat(carriers("br0")).containsExactly("br0");
        assertThat(carriers("br1")).containsExactly("br1");
    }

    @Test
    void devicesThatNameEachOtherAndUnknownOnesCarryThemselves() throws IOException {
        tree.over("a", "b").over("b", "a");
        assertThat(carriers("a")).containsExactly("a");
        assertThat(carriers("eth7")).containsExactly("eth7");
    }

    @Test
    void theKindOfADeviceIsThatOfItsFiles() throws IOException {
        tree.bond("bond0", "802.3ad 4", "eth0")
                .bridge("br0", "bond0")
                .tap("tap1")
                .over("vlan1", "eth0")
                .other("veth1")
                .file("lo", "type", "772")
                .file("vf0", "device/physfn/vendor", "0x8086");
        NetDevices devices = tree.devices();
        assertThat(List.of("eth0", "bond0", "br0", "tap1", "vlan1", "veth1", "lo", "none"))
                .extracting(devices::kind)
                .containsExactly(
                        Kind.HARDWARE,
                        Kind.BOND,
                        Kind.BRIDGE,
                        Kind.TAP,
                        Kind.STACKED,
                        Kind.OTHER,
                        Kind.LOOPBACK,
                        Kind.OTHER);
        assertThat(devices.isVirtualFunction("vf0")).isTrue();
        assertThat(devices.isVirtualFunction("eth0")).isFalse();
    }

    private List<String> carriers(String device) {
        return new Carriers(tree.devices()).of(device);
    }
}
