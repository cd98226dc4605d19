package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.model.unit.Bandwidth;
import java.util.ArrayList;
import java.util.List;

/**
 * The htb classes that divide a link between migrations and all other traffic, as batch lines for {@code tc}:
 *
 * <pre>
 *   4757:      htb, default class 2
 *   4757:1     rate = ceil = ceiling
 *   4757:2     other traffic: rate = ceiling − all reservations, ceil = ceiling, prio 1
 *   4757:10…   one per migration: rate = its floor, ceil = its limit, prio 0
 * </pre>
 *
 * Each class is guaranteed its rate and may borrow what the others do not use. Where the ceiling is {@link #UNLIMITED}, the tree holds
 * back nothing: a migration is served before other traffic until it has its reservation, and other traffic is served before it from
 * then on.
 *
 * @param device   the device that the tree is attached to
 * @param parent   the place on the device: {@code root}, or {@code parent 8001:1}
 * @param capacity the rate of which migrations can reserve a part
 * @param ceiling  the rate that all traffic together can have at most
 */
record HtbTree(String device, String parent, Bandwidth capacity, Bandwidth ceiling) implements Attachment.Tree {

    /** Far above the rate of any NIC: 4 Tbit/s. */
    static final Bandwidth UNLIMITED = TrafficControl.Share.NO_LIMIT;

    /** The default class, as {@code tc} prints it. */
    static final String OTHERS = "0x2";

    /** The handle by which Godwit recognises its qdiscs: the letters GW in ASCII. */
    static final String HANDLE = "4757:";

    /** The lowest class number of a migration. */
    static final int FIRST_MIGRATION = 0x10;

    private static final Bandwidth MIN_RATE = Bandwidth.ofMegabits(1);
    private static final double BURST_SECONDS = 0.001;
    private static final double MAX_QUEUE_SECONDS = 0.020;
    private static final long MIN_BURST_BYTES = 128 << 10;
    private static final long MIN_QUEUE_BYTES = 512 << 10;

    /** Enough for a whole TSO packet in each turn; the kernel warns above 200,000 bytes. */
    private static final int QUANTUM_BYTES = 128 << 10;

    /**
     * The rate that can be reserved for a migration.
     *
     * @param requested the requested rate
     * @param left      the rate that can be reserved for it at most
     * @return the requested rate, at least 1 Mbit/s and at most what is left; {@link Bandwidth#ZERO} if less than 1 Mbit/s is left
     */
    static Bandwidth grant(Bandwidth requested, Bandwidth left) {
        if (left.compareTo(MIN_RATE) < 0) {
            return Bandwidth.ZERO;
        }
        return requested.compareTo(MIN_RATE) < 0 ? MIN_RATE : requested.min(left);
    }

    /** The lines that create the tree without migrations. */
    List<String> build() {
        return List.of(
                "tc qdisc add dev %s %s handle %s htb default 2".formatted(device, parent, HANDLE),
                "tc class add dev %s parent %s classid %s1 htb rate %s ceil %s %s"
                        .formatted(device, HANDLE, HANDLE, ceiling, ceiling, bursts(ceiling, ceiling)),
                others("add", Bandwidth.ZERO),
                queue(2));
    }

    @Override
    public List<String> add(int number, Flow flow, Bandwidth rate, Bandwidth limit, Bandwidth reserved) {
        List<String> lines = new ArrayList<>();
        lines.add(others("change", reserved));
        lines.add(migration("add", number, rate, limit));
        lines.add(queue(number));
        lines.addAll(match(number, flow));
        return lines;
    }

    @Override
    public List<String> change(int number, Bandwidth rate, Bandwidth limit, Bandwidth reserved) {
        return List.of(others("change", reserved), migration("change", number, rate, limit));
    }

    @Override
    public String unmatch(int number, Flow flow) {
        return "tc filter del dev %s parent %s pref %d"
                .formatted(device, HANDLE, FlowFilter.preference(number, flow.destinationPorts()));
    }

    @Override
    public List<String> match(int number, Flow flow) {
        return FlowFilter.lines(device, HANDLE, number, flow);
    }

    @Override
    public List<String> remove(int number, Flow flow, Bandwidth reserved) {
        return List.of(
                unmatch(number, flow),
                "tc class del dev %s classid %s%x".formatted(device, HANDLE, number),
                others("change", reserved));
    }

    private String others(String verb, Bandwidth reserved) {
        return leaf(verb, 2, ceiling.minus(reserved), ceiling, bursts(ceiling, ceiling), 1);
    }

    private String migration(String verb, int number, Bandwidth rate, Bandwidth limit) {
        Bandwidth most = limit.min(ceiling);
        return leaf(verb, number, rate, most, bursts(capacity, most), 0);
    }

    private String leaf(String verb, int number, Bandwidth rate, Bandwidth limit, String bursts, int priority) {
        return "tc class %s dev %s parent %s1 classid %s%x htb rate %s ceil %s %s prio %d"
                .formatted(verb, device, HANDLE, HANDLE, number, rate, limit, bursts, priority);
    }

    /** Buckets of a millisecond; that of the ceiling is never the one that holds a class back. */
    private static String bursts(Bandwidth rate, Bandwidth limit) {
        return "burst %d cburst %d quantum %d".formatted(burst(rate), burst(limit), QUANTUM_BYTES);
    }

    private static long burst(Bandwidth rate) {
        return Math.max(MIN_BURST_BYTES, Math.round(rate.bytesPerSecond() * BURST_SECONDS));
    }

    private String queue(int number) {
        long bytes = Math.max(MIN_QUEUE_BYTES, Math.round(capacity.bytesPerSecond() * MAX_QUEUE_SECONDS));
        return "tc qdisc add dev %s parent %s%x bfifo limit %d".formatted(device, HANDLE, number, bytes);
    }
}
