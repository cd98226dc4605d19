package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.model.unit.Bandwidth;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtbTreeTest {

    private final HtbTree tree = new HtbTree("eth0", "root", Bandwidth.parse("1gbit"));

    @Test
    void theTreeStartsWithTheWholeCapacityForOtherTraffic() {
        // 1 ms of 1 Gbit/s is 125,000 bytes, less than the minimum burst; 20 ms is 2,500,000 bytes of queue.
        assertThat(tree.build())
                .containsExactly(
                        "tc qdisc add dev eth0 root handle 4757: htb default 2",
                        "tc class add dev eth0 parent 4757: classid 4757:1 htb rate 1gbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072",
                        "tc class add dev eth0 parent 4757:1 classid 4757:2 htb rate 1gbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072 prio 1",
                        "tc qdisc add dev eth0 parent 4757:2 bfifo limit 2500000");
    }

    @Test
    void aMigrationTakesItsRateFromOtherTrafficAndMatchesItsFlow() {
        assertThat(tree.add(
                        0x1f,
                        TwoHosts.flow("m1", Direction.EGRESS, 49152),
                        Bandwidth.parse("200mbit"),
                        Bandwidth.parse("600mbit")))
                .containsExactly(
                        "tc class change dev eth0 parent 4757:1 classid 4757:2 htb rate 400mbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072 prio 1",
                        "tc class add dev eth0 parent 4757:1 classid 4757:1f htb rate 200mbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072 prio 0",
                        "tc qdisc add dev eth0 parent 4757:1f bfifo limit 2500000",
                        "tc filter add dev eth0 parent 4757: protocol ip pref 31 u32 match ip src 10.77.0.1/32"
                                + " match ip dst 10.77.0.2/32 match ip protocol 6 0xff match ip dport 49152 0xffff"
                                + " flowid 4757:1f");
    }

    @Test
    void aRemovedMigrationReturnsItsRate() {
        assertThat(tree.remove(0x10, Bandwidth.parse("100mbit")))
                .containsExactly(
                        "tc filter del dev eth0 parent 4757: pref 16",
                        "tc class del dev eth0 classid 4757:10",
                        "tc class change dev eth0 parent 4757:1 classid 4757:2 htb rate 900mbit ceil 1gbit"
                                + " burst 131072 cburst 131072 quantum 131072 prio 1");
    }

    @Test
    void aBucketHoldsAMillisecondOfAFastLink() {
        // 10 Gbit/s · 1 ms = 1,250,000 bytes; · 20 ms = 25,000,000 bytes.
        HtbTree fast = new HtbTree("eth0", "root", Bandwidth.parse("10gbit"));
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
        assertThat(tree.grant(Bandwidth.parse(requested), Bandwidth.parse(others)))
                .isEqualTo(Bandwidth.parse(granted));
    }
}
