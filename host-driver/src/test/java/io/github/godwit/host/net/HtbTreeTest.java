package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtbTreeTest {

    private final HtbTree tree = new HtbTree("gw-ifb-eth0", "root", Bandwidth.parse("1gbit"), Bandwidth.parse("1gbit"));

    @Test
    void theTreeStartsWithTheWholeCapacityForOtherTraffic() {
        // 1 ms of 1 Gbit/s is 125,000 bytes, less than the minimum burst; 20 ms is 2,500,000 bytes of queue.
        assertThat(tree.build())
                .containsExactly(
                        "tc qdisc add dev gw-ifb-eth0 root handle 4757: htb default 2",
                        "tc class add dev gw-ifb-eth0 parent 4757: classid 4757:1 htb rate 1gbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072",
                        "tc class add dev gw-ifb-eth0 parent 4757:1 classid 4757:2 htb rate 1gbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072 prio 1",
                        "tc qdisc add dev gw-ifb-eth0 parent 4757:2 bfifo limit 2500000");
    }

    @Test
    void aMigrationTakesItsRateFromOtherTrafficAndMatchesItsFlow() {
        assertThat(tree.add(
                        0x1f,
                        TwoHosts.flow("m1", Direction.EGRESS, 49152),
                        Bandwidth.parse("200mbit"),
                        Bandwidth.parse("700mbit"),
                        Bandwidth.parse("600mbit")))
                .containsExactly(
                        "tc class change dev gw-ifb-eth0 parent 4757:1 classid 4757:2 htb rate 400mbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072 prio 1",
                        "tc class add dev gw-ifb-eth0 parent 4757:1 classid 4757:1f htb rate 200mbit ceil 700mbit"
                                + " burst 131072 cburst 131072 quantum 131072 prio 0",
                        "tc qdisc add dev gw-ifb-eth0 parent 4757:1f bfifo limit 2500000",
                        "tc filter add dev gw-ifb-eth0 parent 4757: protocol ip pref 31 u32 match ip src 10.77.0.1/32"
                                + " match ip dst 10.77.0.2/32 match ip protocol 6 0xff match ip dport 49152 0xffff"
                                + " flowid 4757:1f");
    }

    @Test
    void aRemovedMigrationReturnsItsRate() {
        Flow flow = TwoHosts.flow("m1", Direction.EGRESS, 49_152);
        assertThat(tree.remove(0x10, flow, Bandwidth.parse("100mbit")))
                .containsExactly(
                        "tc filter del dev gw-ifb-eth0 parent 4757: pref 16",
                        "tc class del dev gw-ifb-eth0 classid 4757:10",
                        "tc class change dev gw-ifb-eth0 parent 4757:1 classid 4757:2 htb rate 900mbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072 prio 1");
    }

    @Test
    void aTreeWithoutACeilingHoldsBackNothingAndServesAMigrationFirst() {
        HtbTree open = new HtbTree("eth0", "root", Bandwidth.parse("25gbit"), HtbTree.UNLIMITED);
        // 4 Tbit/s · 1 ms = 500,000,000 bytes; 25 Gbit/s · 1 ms = 3,125,000 bytes.
        assertThat(open.build().get(2))
                .isEqualTo("tc class add dev eth0 parent 4757:1 classid 4757:2 htb rate 4000gbit ceil 4000gbit"
                        + " burst 500000000 cburst 500000000 quantum 131072 prio 1");
        Flow flow = TwoHosts.flow("m1", Direction.EGRESS, 49152);
        List<String> lines =
                open.add(0x10, flow, Bandwidth.parse("5gbit"), HtbTree.UNLIMITED, Bandwidth.parse("5gbit"));
        // Far more than any NIC: what is left for other traffic is no limit either.
        assertThat(lines.get(0)).contains("classid 4757:2 htb rate 3995gbit ceil 4000gbit", "prio 1");
        assertThat(lines.get(1))
                .contains("classid 4757:10 htb rate 5gbit ceil 4000gbit burst 3125000 cburst 500000000", "prio 0");
    }

    @Test
    void aFlowOfIpv6IsMatchedByItsOwnSelectors() throws Exception {
        Flow flow = new Flow("m1", Direction.EGRESS, "2001:db8::1", "2001:db8::2", PortRange.LIBVIRT);
        FlowFilter.require(flow);
        assertThat(FlowFilter.lines("eth0", "4757:", 0x10, flow))
                .containsExactly(
                        "tc filter add dev eth0 parent 4757: protocol ipv6 pref 4112 u32 match ip6 src 2001:db8::1/128"
                                + " match ip6 dst 2001:db8::2/128 match ip6 protocol 6 0xff match ip6 dport 49152 0xffc0"
                                + " flowid 4757:10");
    }

    @Test
    void aRangeOfPortsNeedsAFilterForEachMask() {
        Flow flow = new Flow("m1", Direction.EGRESS, "10.0.0.1", "10.0.0.2", new PortRange(50_000, 50_018));
        assertThat(FlowFilter.lines("eth0", "4757:", 0x10, flow))
                .hasSize(3)
                .allMatch(line -> line.contains(" pref 4112 ") && line.endsWith(" flowid 4757:10"));
    }

    @Test
    void theFilterForASinglePortComesBeforeThoseForRangesWhicheverMigrationBeganFirst() {
        PortRange range = PortRange.LIBVIRT;
        assertThat(FlowFilter.preference(0x11, PortRange.of(49_160))).isLessThan(FlowFilter.preference(0x10, range));
        assertThat(FlowFilter.preference(0x10, PortRange.of(49_160))).isLessThan(FlowFilter.preference(0x11, range));
        // Each class has its own, by which its filters are removed.
        assertThat(FlowFilter.preference(0x10, range)).isNotEqualTo(FlowFilter.preference(0x11, range));
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.1, 2001:db8::2", "compute1, compute2", "10.0.0.1, 10.0.0.256", "::1, fe80::1%eth0", "1:2, 1:3"})
    void addressesThatAreNotOfOneVersionOfIpAreRefused(String source, String destination) {
        Flow flow = new Flow("m1", Direction.EGRESS, source, destination, PortRange.LIBVIRT);
        assertThatThrownBy(() -> FlowFilter.require(flow)).hasMessageContaining("two IPv4 or two IPv6 addresses");
    }

    @Test
    void theCounterOfAClassIsFound() {
        String output = """
                class htb 4757:10 parent 4757:1 leaf 8002: prio 0 rate 100Mbit ceil 1Tbit burst 131050b cburst 15625Kb\s
                 Sent 1514 bytes 1 pkt (dropped 0, overlimits 0 requeues 0)\s
                 backlog 0b 0p requeues 0
                class htb 4757:11 parent 4757:1 leaf 8003: prio 0 rate 100Mbit ceil 1Tbit burst 131050b cburst 15625Kb\s
                 Sent 0 bytes 0 pkt (dropped 0, overlimits 0 requeues 0)\s
                """;
        assertThat(ClassBytes.parse(output, "4757:10")).hasValue(1514);
        assertThat(ClassBytes.parse(output, "4757:11")).hasValue(0);
        assertThat(ClassBytes.parse(output, "4757:1")).isEmpty();
    }

    @Test
    void aBucketHoldsAMillisecondOfAFastLink() {
        // 10 Gbit/s · 1 ms = 1,250,000 bytes; · 20 ms = 25,000,000 bytes.
        HtbTree fast = new HtbTree("eth0", "root", Bandwidth.parse("10gbit"), Bandwidth.parse("10gbit"));
        assertThat(fast.build().get(1)).contains("burst 1250000 cburst 1250000 quantum 131072");
        assertThat(fast.build().get(3)).endsWith("limit 25000000");
    }

    @ParameterizedTest
    @CsvSource({
        "600mbit, 0mbit, 600mbit",
        // 5 % are never reserved.
        "1gbit, 0mbit, 950mbit",
        "600mbit, 600mbit, 350mbit",
        "0mbit, 0mbit, 1mbit",
        "10mbit, 950mbit, 0mbit",
    })
    void atMostTheRemainingRateIsGranted(String requested, String others, String granted) {
        assertThat(HtbTree.grant(
                        Bandwidth.parse(requested), tree.most(Bandwidth.ZERO).minus(Bandwidth.parse(others))))
                .isEqualTo(Bandwidth.parse(granted));
    }

    @Test
    void aLimitIsACeilingWithABucketOfItsOwn() {
        // 10 Gbit/s · 1 ms = 1,250,000 bytes.
        HtbTree open = new HtbTree("eth0", "root", Bandwidth.parse("25gbit"), HtbTree.UNLIMITED);
        assertThat(open.change(0x10, Bandwidth.parse("5gbit"), Bandwidth.parse("10gbit"), Bandwidth.parse("5gbit"))
                        .get(1))
                .contains("classid 4757:10 htb rate 5gbit ceil 10gbit burst 3125000 cburst 1250000", "prio 0");
    }

    @Test
    void aClassMatchesAnotherFlowInPlaceOfItsFormerOne() {
        Flow range = new Flow("m1", Direction.EGRESS, "10.0.0.1", "10.0.0.2", PortRange.LIBVIRT);
        assertThat(tree.unmatch(0x10, range)).isEqualTo("tc filter del dev gw-ifb-eth0 parent 4757: pref 4112");
        assertThat(tree.unmatch(0x10, range.to(PortRange.of(49_301))))
                .isEqualTo("tc filter del dev gw-ifb-eth0 parent 4757: pref 16");
        assertThat(tree.match(0x10, TwoHosts.flow("m1", Direction.EGRESS, 49_301)))
                .singleElement()
                .asString()
                .contains("pref 16", "match ip dport 49301 0xffff", "flowid 4757:10");
    }
}
