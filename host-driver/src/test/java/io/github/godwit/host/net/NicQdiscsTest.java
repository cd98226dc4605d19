package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the output of {@code tc -j -r -d qdisc show} of iproute2 6.1. */
class NicQdiscsTest {

    private static final NicQdiscs.Link LINK = link("10gbit", "10gbit", false);
    private static final String PFIFO = """
            {"kind":"pfifo_fast","handle":"0:","root":true,"refcnt":2,"options":{}}""";
    private static final String MQ = """
            {"kind":"mq","handle":"0:","root":true,"options":{}},
            {"kind":"fq_codel","handle":"0:","parent":":1","options":{"limit":10240}},
            {"kind":"fq_codel","handle":"0:","parent":":2","options":{"limit":10240}}""";
    private static final String CLSACT = """
            {"kind":"clsact","handle":"ffff:","parent":"ffff:fff1","options":{}}""";
    private static final String TREE = """
            {"kind":"htb","handle":"4757:","root":true,"options":{"r2q":10,"default":"0x2"}}""";
    private static final String TBF = """
            {"kind":"tbf","handle":"8005:","root":true,"refcnt":3,"options":{"rate":125000000,"burst":"262125b/1",
             "mpu":0,"burst_raw":"8000","lat":50000,"limit":6512144,"linklayer":"ethernet"}}""";

    @Test
    void theTreeReplacesTheKernelsDefaultAndHasNoCeiling() throws IOException {
        NicQdiscs nic = nic(PFIFO);
        assertThat(nic.objection(Direction.EGRESS, LINK)).isEmpty();
        AttachPoint point = nic.attachPoint(Direction.EGRESS, LINK);
        assertThat(point.tree()).isEqualTo(new HtbTree("eth0", "root", Bandwidth.parse("10gbit"), HtbTree.UNLIMITED));
        assertThat(point.removal()).containsExactly("tc qdisc del dev eth0 root handle 4757:");
    }

    @Test
    void inboundTrafficIsLimitedJustBelowWhatTheLinkCarriesWhateverTheOperatorSays() throws IOException {
        NicQdiscs.Link told = link("1gbit", "10gbit", false);
        assertThat(nic(PFIFO).attachPoint(Direction.INGRESS, told).tree())
                .isEqualTo(new HtbTree("gw-ifb-eth0", "root", Bandwidth.parse("970mbit"), Bandwidth.parse("9.7gbit")));
    }

    @ParameterizedTest
    @CsvSource({
        // One lock for all queues costs little up to 10 Gbit/s.
        "1gbit, false, true",
        "10gbit, false, true",
        "25gbit, false, false",
        "100gbit, false, false",
        "100gbit, true, true",
    })
    void theQueuesOfAFastNicStayAsTheyAreUnlessTheOperatorAcceptsOneLock(
            String rate, boolean accepted, boolean reserves) throws IOException {
        NicQdiscs.Link link = link(rate, rate, accepted);
        for (Direction direction : Direction.values()) {
            String objection = nic(MQ).objection(direction, link);
            assertThat(objection.isEmpty()).isEqualTo(reserves);
            if (!reserves) {
                assertThat(objection)
                        .contains(
                                rate, direction == Direction.EGRESS ? "2 queues" : "that arrive", "--shape-multiqueue");
            }
        }
        // A single queue has its lock anyway; but inbound packets have no lock without an ifb device.
        assertThat(nic(PFIFO).objection(Direction.EGRESS, link)).isEmpty();
        assertThat(nic(PFIFO).objection(Direction.INGRESS, link).isEmpty()).isEqualTo(reserves);
    }

    @Test
    void theRateThatIsReadDecidesAndNotTheOperators() throws IOException {
        assertThat(nic(MQ).objection(Direction.EGRESS, link("1gbit", "100gbit", false)))
                .contains("100gbit");
    }

    @Test
    void withoutARateNothingIsReserved() throws IOException {
        NicQdiscs.Link unknown = new NicQdiscs.Link(Optional.empty(), Optional.empty(), true);
        assertThat(nic(PFIFO).objection(Direction.EGRESS, unknown)).contains("rate of eth0 is unknown", "--link");
    }

    @Test
    void aDeviceWithoutAQueueGetsOneJustBelowWhatTheLinkCarries() throws IOException {
        NicQdiscs bond = nic("""
                {"kind":"noqueue","handle":"0:","root":true,"refcnt":2,"options":{}}""");
        NicQdiscs.Link told = link("1gbit", "10gbit", false);
        assertThat(bond.objection(Direction.EGRESS, told)).isEmpty();
        AttachPoint point = bond.attachPoint(Direction.EGRESS, told);
        assertThat(point.tree())
                .isEqualTo(new HtbTree("eth0", "root", Bandwidth.parse("970mbit"), Bandwidth.parse("9.7gbit")));
        assertThat(point.removal()).containsExactly("tc qdisc del dev eth0 root handle 4757:");

        // Without a queue there was no lock.
        assertThat(bond.objection(Direction.EGRESS, link("50gbit", "50gbit", false)))
                .contains("50gbit", "that leave", "--shape-multiqueue");
        assertThat(bond.objection(Direction.EGRESS, link("50gbit", "50gbit", true)))
                .isEmpty();
    }

    @Test
    void aLimiterStaysAndItsQueueIsRestored() throws IOException {
        NicQdiscs nic = nic(TBF);
        assertThat(nic.objection(Direction.EGRESS, LINK)).isEmpty();
        AttachPoint point = nic.attachPoint(Direction.EGRESS, LINK);
        assertThat(point.tree())
                .isEqualTo(new HtbTree("eth0", "parent 8005:1", Bandwidth.parse("1gbit"), HtbTree.UNLIMITED));
        // 0x8000 ticks of 64 ns at 125 MB/s is 262,144 bytes.
        assertThat(point.removal())
                .containsExactly(
                        "tc qdisc del dev eth0 parent 8005:1 handle 4757:",
                        "tc qdisc change dev eth0 root handle 8005: tbf rate 1000000000bit burst 262144 limit 6512144");
    }

    @Test
    void aTreeBelowALimiterIsFoundAgain() throws IOException {
        NicQdiscs nic = nic(TBF + """
                ,{"kind":"bfifo","handle":"8007:","parent":"4757:2","options":{"limit":2500000}},
                {"kind":"htb","handle":"4757:","parent":"8005:1","options":{"r2q":10,"default":"0x2"}}""");
        assertThat(nic.objection(Direction.EGRESS, LINK)).isEmpty();
        assertThat(nic.leftovers())
                .contains("tc qdisc del dev eth0 parent 8005:1 handle 4757:", "ip link del gw-ifb-eth0");
    }

    @Test
    void anOperatorsQdiscIsLeftAloneAndNobodyIsToldToRemoveIt() throws IOException {
        String objection = nic("""
                {"kind":"fq","handle":"8001:","root":true,"options":{}}""").objection(Direction.EGRESS, LINK);
        assertThat(objection).contains("fq qdisc (8001:)", "left as it is").doesNotContain("tc qdisc del");
    }

    @ParameterizedTest
    @ValueSource(strings = {"clsact", "ingress"})
    void somebodyElsesInboundQdiscTurnsOffInboundReservationsOnly(String kind) throws IOException {
        NicQdiscs nic = nic(PFIFO + "," + CLSACT.replace("clsact", kind));
        assertThat(nic.objection(Direction.EGRESS, LINK)).isEmpty();
        assertThat(nic.objection(Direction.INGRESS, LINK))
                .contains("somebody else's " + kind, "left as it is")
                .doesNotContain("tc qdisc del");
        assertThat(nic.leftovers()).containsExactly("ip link del gw-ifb-eth0");
    }

    @Test
    void aTreeIsOursAsLongAsNobodyHasChangedIt() throws IOException {
        assertThat(nic(TREE).change(Direction.EGRESS)).isEmpty();
        assertThat(nic(TREE.replace("0x2", "0x30")).change(Direction.EGRESS)).contains("another default class (0x30)");
        assertThat(nic("""
                        {"kind":"fq","handle":"8001:","root":true,"options":{}}""").change(Direction.EGRESS)).isEqualTo("eth0 has fq (8001:) at its root instead of the tree");
        assertThat(nic(PFIFO + "," + CLSACT).change(Direction.INGRESS)).contains("redirects to the tree is gone");
    }

    @Test
    void aTreeThatSomebodyElseHasChangedIsNotRemovedByTheNextHostDriverEither() throws IOException {
        NicQdiscs nic = nic(TREE.replace("0x2", "0x30"));
        assertThat(nic.leftovers()).containsExactly("ip link del gw-ifb-eth0");
        assertThat(nic.objection(Direction.EGRESS, LINK)).contains("an operator's htb qdisc (4757:)");
    }

    @Test
    void aLimiterThatTheOperatorHasChangedMeanwhileKeepsItsNewRate() throws IOException {
        NicQdiscs nic = nic(TBF.replace("\"rate\":125000000", "\"rate\":250000000") + """
                ,{"kind":"htb","handle":"4757:","parent":"8005:1","options":{"r2q":10,"default":"0x2"}}""");
        assertThat(nic.change(Direction.EGRESS)).isEmpty();
        assertThat(nic.removal(Direction.EGRESS).get(1)).contains("tbf rate 2000000000bit");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"peakrate\":250000000}}",
                ",\"overhead\":24}}",
                "}},{\"kind\":\"sfq\",\"handle\":\"9:\",\"parent\":\"8005:1\",\"options\":{}}"
            })
    void aLimiterThatCannotBeRestoredIsRefused(String more) throws IOException {
        assertThat(nic(TBF.substring(0, TBF.length() - 2) + more).objection(Direction.EGRESS, LINK))
                .contains("tbf (8005:)");
    }

    @Test
    void aTcWithoutJsonOutputIsRefused() {
        assertThatThrownBy(() -> nic("qdisc noqueue 0: dev lo root")).hasMessageContaining("iproute2 5.0");
    }

    @Test
    void theNameOfAnIfbDeviceFitsTheKernelsLimit() {
        assertThat(AttachPoint.ifbName("enp129s0")).isEqualTo("gw-ifb-enp129s0");
        assertThat(AttachPoint.ifbName("enp129s0f0np0"))
                .hasSize(15)
                .startsWith("gw-ifb-")
                .isNotEqualTo(AttachPoint.ifbName("enp129s0f1np1"));
    }

    private static NicQdiscs.Link link(String rate, String most, boolean shapeMultiqueue) {
        return new NicQdiscs.Link(
                Optional.of(Bandwidth.parse(rate)), Optional.of(Bandwidth.parse(most)), shapeMultiqueue);
    }

    private static NicQdiscs nic(String qdiscs) throws IOException {
        return new NicQdiscs("eth0", Qdisc.parse("[" + qdiscs + "]"), false);
    }
}
