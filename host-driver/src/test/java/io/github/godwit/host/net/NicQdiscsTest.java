package io.github.godwit.host.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads the output of {@code tc -j -r -d qdisc show} of iproute2 6.1. */
class NicQdiscsTest {

    private static final Bandwidth LINK = Bandwidth.parse("10gbit");
    private static final String TBF = """
            {"kind":"tbf","handle":"8005:","root":true,"refcnt":3,"options":{"rate":125000000,"burst":"262125b/1",
             "mpu":0,"burst_raw":"8000","lat":50000,"limit":6512144,"linklayer":"ethernet"}}""";

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"kind":"noqueue","handle":"0:","root":true,"refcnt":2,"options":{}}""", """
                {"kind":"mq","handle":"0:","root":true,"options":{}},
                {"kind":"fq_codel","handle":"0:","parent":":1","options":{"limit":10240}},
                {"kind":"fq_codel","handle":"0:","parent":":2","options":{"limit":10240}}"""})
    void theTreeReplacesTheKernelsDefault(String qdiscs) throws IOException {
        NicQdiscs nic = nic(qdiscs);
        assertThat(nic.objection()).isEmpty();
        AttachPoint point = nic.attachPoint(Direction.EGRESS, LINK);
        assertThat(point.tree()).isEqualTo(new HtbTree("eth0", "root", Bandwidth.parse("9.7gbit")));
        assertThat(point.removal()).containsExactly("tc qdisc del dev eth0 root handle 4757:");
    }

    @Test
    void aLimiterStaysAndItsQueueIsRestored() throws IOException {
        NicQdiscs nic = nic(TBF);
        assertThat(nic.objection()).isEmpty();
        AttachPoint point = nic.attachPoint(Direction.EGRESS, LINK);
        assertThat(point.tree()).isEqualTo(new HtbTree("eth0", "parent 8005:1", Bandwidth.parse("1gbit")));
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
        assertThat(nic.objection()).isEmpty();
        assertThat(nic.leftovers(LINK))
                .contains("tc qdisc del dev eth0 parent 8005:1 handle 4757:", "ip link del gw-ifb-eth0");
    }

    @Test
    void anOperatorsQdiscIsReportedWithARemedy() throws IOException {
        assertThat(nic("""
                        {"kind":"fq","handle":"8001:","root":true,"options":{}}""").objection()).contains("fq qdisc (8001:)", "tc qdisc del dev eth0 root");
        assertThat(nic("""
                        {"kind":"clsact","handle":"ffff:","parent":"ffff:fff1","options":{}}""").objection()).contains("clsact", "tc qdisc del dev eth0 clsact");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ",\"peakrate\":250000000}}",
                ",\"overhead\":24}}",
                "}},{\"kind\":\"sfq\",\"handle\":\"9:\",\"parent\":\"8005:1\",\"options\":{}}"
            })
    void aLimiterThatCannotBeRestoredIsRefused(String more) throws IOException {
        assertThat(nic(TBF.substring(0, TBF.length() - 2) + more).objection()).contains("tbf (8005:)");
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

    private static NicQdiscs nic(String qdiscs) throws IOException {
        return new NicQdiscs("eth0", Qdisc.parse("[" + qdiscs + "]"), false);
    }
}
