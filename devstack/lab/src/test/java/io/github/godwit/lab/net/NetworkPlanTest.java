package io.github.godwit.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.godwit.lab.LabName;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkPlanTest {

    private static final Subnet SUBNET = Subnet.parse("10.97.0.0/24");

    private static NetworkPlan plan(int hosts, String link) {
        return new NetworkPlan(LabName.DEFAULT, SUBNET, hosts, LinkShape.of(Bandwidth.parse(link)));
    }

    private static List<String> lines(NetworkPlan plan) {
        return plan.commands().stream()
                .map(command -> String.join(" ", command))
                .toList();
    }

    @Test
    void everyHostIsANamespaceWithAnAddressOnTheBridge() {
        assertThat(plan(3, "1gbit").hostNames()).containsExactly("h1", "h2", "h3");
        assertThat(lines(plan(3, "1gbit")))
                .contains(
                        "ip netns add godwit-h3",
                        "ip -n godwit-wire link add h3 type veth peer name eth0 netns godwit-h3",
                        "ip -n godwit-wire link set h3 master br0 up",
                        "ip -n godwit-h3 addr add 10.97.0.13/24 dev br0");
    }

    /** Place 13 is 0d in the bridge's address. */
    @Test
    void theTrafficOfVmsSharesTheLinkOfTheirHost() {
        assertThat(lines(plan(3, "1gbit")))
                .containsSubsequence(
                        "ip -n godwit-h3 link add br0 address 02:67:77:00:00:0d type bridge",
                        "ip -n godwit-h3 link set eth0 master br0",
                        "ip -n godwit-h3 link set br0 up");
    }

    @Test
    void vmsAndTheirClientHaveASubnetOfTheirOwnThatTheRootNamespaceDoesNotReach() {
        assertThat(plan(2, "1gbit").guestSubnet()).hasToString("10.97.1.0/24");
        assertThat(lines(plan(2, "1gbit")))
                .contains("ip -n godwit-peer addr add 10.97.1.9/24 dev eth0")
                .noneMatch(line -> line.startsWith("ip addr") && line.contains("10.97.1."));
    }

    @Test
    void connectionsOfHostsAndClientsUseCubic() {
        assertThat(plan(2, "1gbit").usualCongestionControl().stream().map(command -> String.join(" ", command)))
                .containsExactly(
                        "ip -n godwit-h1 route change 10.97.0.0/24 dev br0 proto kernel scope link src 10.97.0.11 congctl cubic",
                        "ip -n godwit-h2 route change 10.97.0.0/24 dev br0 proto kernel scope link src 10.97.0.12 congctl cubic",
                        "ip -n godwit-peer route change 10.97.0.0/24 dev eth0 proto kernel scope link src 10.97.0.9 congctl cubic",
                        "ip -n godwit-peer route change 10.97.1.0/24 dev eth0 proto kernel scope link src 10.97.1.9 congctl cubic");
    }

    /** At 1 Gbit/s, 2 ms are 250,000 bytes; at 100 Mbit/s the smallest bucket of 128 KiB applies. */
    @Test
    void aLinkIsShapedOnBothEnds() {
        assertThat(lines(plan(2, "1gbit")))
                .contains(
                        "tc -n godwit-h1 qdisc add dev eth0 root handle 1: tbf rate 1gbit burst 250000 latency 25ms",
                        "tc -n godwit-wire qdisc add dev h1 root handle 1: tbf rate 1gbit burst 250000 latency 25ms");
        assertThat(lines(plan(2, "100mbit")))
                .contains(
                        "tc -n godwit-h2 qdisc add dev eth0 root handle 1: tbf rate 100mbit burst 131072 latency 25ms");
        LinkShape busy = LinkShape.withShortQueue(Bandwidth.parse("1gbit"));
        assertThat(lines(new NetworkPlan(LabName.DEFAULT, SUBNET, 2, busy)))
                .contains("tc -n godwit-h1 qdisc add dev eth0 root handle 1: tbf rate 1gbit burst 250000 latency 5ms");
    }

    @Test
    void thePeerIsNotShaped() {
        assertThat(lines(plan(2, "1gbit")))
                .contains("ip netns add godwit-peer", "ip -n godwit-peer addr add 10.97.0.9/24 dev eth0")
                .noneMatch(line -> line.startsWith("tc") && line.contains("peer"));
    }

    @Test
    void onlyTheManagementInterfaceIsOutsideTheNamespaces() {
        assertThat(lines(plan(16, "1gbit")))
                .filteredOn(line -> line.startsWith("ip link"))
                .allMatch(line -> line.contains("godwit-mgmt"));
    }

    @Test
    void tooFewOrTooManyHostsAndLinksWithoutSpeedAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> plan(1, "1gbit")).withMessageContaining("(1)");
        assertThatIllegalArgumentException().isThrownBy(() -> plan(17, "1gbit")).withMessageContaining("2 to 16");
        assertThatIllegalArgumentException().isThrownBy(() -> plan(2, "0mbit")).withMessageContaining("1mbit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plan(2, "100gbit"))
                .withMessageContaining("100gbit");
    }
}
