package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;

/**
 * A QoS of Open vSwitch that divides a link between migrations and all other traffic, as lines for {@code lease.sh}. The datapath of the
 * kernel carries it out by htb ([SOLive 2020], section V; ovs-vswitchd.conf.db(5), tables QoS and Queue):
 *
 * <pre>
 *   QoS linux-htb   max-rate = what the link carries
 *   queue 0         other traffic: min-rate = capacity − all reservations, priority 1
 *   queue 16…       one per migration: min-rate = its floor, max-rate = its limit, priority 0; a flow of the bridge directs its packets there
 * </pre>
 *
 * All rows have the port's name in {@code external_ids:godwit}, and all flows a cookie that begins with the letters GW in ASCII, by which they
 * are removed.
 *
 * @param device   the port
 * @param bridge   its bridge
 * @param capacity the rate of which migrations can reserve a part
 * @param most     the rate that the link can carry at most
 */
record OvsTree(String device, String bridge, Bandwidth capacity, Bandwidth most) implements Attachment.Tree {

    /** Above the priority of flows that agents add, so that the packets of migrations reach their queue. */
    private static final int RANGE_PRIORITY = 0x4757;

    /** A migration whose port is known is never taken for one that may be at any port of a range. */
    private static final int PORT_PRIORITY = RANGE_PRIORITY + 1;

    private static final int OTHERS = 0;

    /** The lines that create the QoS without migrations. */
    List<String> build() {
        return List.of(("ovs-vsctl -- --id=@others create queue %s other_config:min-rate=%d other_config:priority=1"
                        + " -- --id=@qos create qos type=linux-htb external_ids:godwit=%s other_config:max-rate=%d queues:0=@others"
                        + " -- set port %s qos=@qos")
                .formatted(marks(OTHERS), capacity.bitsPerSecond(), device, most.bitsPerSecond(), device));
    }

    /** The lines that remove all of it. */
    List<String> removal() {
        return List.of("ovs-clear %s %s".formatted(device, bridge));
    }

    @Override
    public List<String> add(int number, Flow flow, Bandwidth rate, Bandwidth limit, Bandwidth reserved) {
        List<String> lines = new ArrayList<>();
        lines.add(others(reserved));
        lines.add("ovs-vsctl -- --id=@queue create queue %s %s other_config:priority=0 -- set qos %s queues:%d=@queue"
                .formatted(marks(number), rates(rate, limit), device, number));
        lines.addAll(match(number, flow));
        return lines;
    }

    @Override
    public List<String> change(int number, Bandwidth rate, Bandwidth limit, Bandwidth reserved) {
        return List.of(others(reserved), "ovs-queue %s %d %s".formatted(device, number, rates(rate, limit)));
    }

    @Override
    public List<String> remove(int number, Flow flow, Bandwidth reserved) {
        return List.of(unmatch(number, flow), "ovs-drop %s %d".formatted(device, number), others(reserved));
    }

    @Override
    public String unmatch(int number, Flow flow) {
        return "ovs-ofctl del-flows %s cookie=%s/-1".formatted(bridge, cookie(number));
    }

    @Override
    public List<String> match(int number, Flow flow) {
        boolean six = flow.sourceAddress().contains(":");
        return flow.destinationPorts().matches().stream()
                .map(port ->
                        "ovs-ofctl add-flow %s cookie=%s,priority=%d,in_port=LOCAL,%s,%s=%s,%s=%s,tp_dst=%s,actions=set_queue:%d,normal"
                                .formatted(
                                        bridge,
                                        cookie(number),
                                        flow.destinationPorts().single() ? PORT_PRIORITY : RANGE_PRIORITY,
                                        six ? "tcp6" : "tcp",
                                        six ? "ipv6_src" : "nw_src",
                                        flow.sourceAddress(),
                                        six ? "ipv6_dst" : "nw_dst",
                                        flow.destinationAddress(),
                                        port.replace(' ', '/'),
                                        number))
                .toList();
    }

    /** The cookie of the flows of a migration. */
    static String cookie(int number) {
        return "0x4757%04x".formatted(number);
    }

    private String others(Bandwidth reserved) {
        return "ovs-queue %s %d other_config:min-rate=%d"
                .formatted(device, OTHERS, capacity.minus(reserved).bitsPerSecond());
    }

    private String marks(int number) {
        return "external_ids:godwit=%s external_ids:number=%d".formatted(device, number);
    }

    private String rates(Bandwidth rate, Bandwidth limit) {
        return "other_config:min-rate=%d other_config:max-rate=%d"
                .formatted(rate.bitsPerSecond(), limit.min(most).bitsPerSecond());
    }
}
