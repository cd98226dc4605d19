package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;

/**
 * The classes that share a link between migrations and everyone else, as batch lines for {@code tc}:
 *
 * <pre>
 *   4757:      htb, default class 2
 *   4757:1     rate = ceil = capacity
 *   4757:2     everyone else: rate = capacity − all reservations, ceil = capacity
 *   4757:10…   one per migration: rate = its reservation, ceil = capacity, first to be served
 * </pre>
 *
 * Everyone has a rate of his own and may take what the others leave; the rates sum up to the capacity, so a migration's
 * priority never costs the others theirs.
 *
 * @param device   the device it hangs on
 * @param parent   where on the device: {@code root}, or {@code parent 8001:1}
 * @param capacity what is shared
 */
record HtbTree(String device, String parent, Bandwidth capacity) {

    /** The handle that says a qdisc is Godwit's: the letters GW. */
    static final String HANDLE = "4757:";

    /** Class numbers from here up are migrations. */
    static final int FIRST_MIGRATION = 0x10;

    /** What everyone else keeps of the capacity whatever is reserved: ssh, Nova's RPC and the control of the migration. */
    private static final double LEFT_TO_OTHERS = 0.05;

    private static final Bandwidth LEAST = Bandwidth.ofMegabits(1);
    private static final double MILLISECOND = 0.001;
    private static final double LONGEST_QUEUE_SECONDS = 0.020;
    private static final long LEAST_BURST_BYTES = 128 << 10;
    private static final long LEAST_QUEUE_BYTES = 512 << 10;

    /** A whole TSO packet each turn; above 200,000 bytes the kernel warns. */
    private static final int QUANTUM_BYTES = 128 << 10;

    /**
     * What can be kept for a migration that asks for a rate.
     *
     * @param others the sum of the other reservations
     * @return the rate asked for, less when there is less; {@link Bandwidth#ZERO} when nothing is left
     */
    Bandwidth grant(Bandwidth asked, Bandwidth others) {
        Bandwidth most = new Bandwidth(Math.round(capacity.bitsPerSecond() * (1 - LEFT_TO_OTHERS))).minus(others);
        if (most.compareTo(LEAST) < 0) {
            return Bandwidth.ZERO;
        }
        return asked.compareTo(LEAST) < 0 ? LEAST : asked.min(most);
    }

    /** Puts the tree in place, without migrations. */
    List<String> build() {
        return List.of(
                "tc qdisc add dev %s %s handle %s htb default 2".formatted(device, parent, HANDLE),
                "tc class add dev %s parent %s classid %s1 htb rate %s ceil %s %s"
                        .formatted(device, HANDLE, HANDLE, capacity, capacity, bursts()),
                others("add", Bandwidth.ZERO),
                queue(2));
    }

    /**
     * Adds a migration.
     *
     * @param number   of its class
     * @param reserved the sum of all reservations, with this one
     */
    List<String> add(int number, Flow flow, Bandwidth rate, Bandwidth reserved) {
        return List.of(
                others("change", reserved),
                migration("add", number, rate),
                queue(number),
                ("tc filter add dev %s parent %s protocol ip pref %d u32 match ip src %s/32 match ip dst %s/32"
                                + " match ip protocol 6 0xff match ip dport %s flowid %s%x")
                        .formatted(
                                device,
                                HANDLE,
                                number,
                                flow.sourceAddress(),
                                flow.destinationAddress(),
                                flow.destinationPorts(),
                                HANDLE,
                                number));
    }

    /**
     * Changes a migration's rate.
     *
     * @param reserved the sum of all reservations, with the new rate
     */
    List<String> change(int number, Bandwidth rate, Bandwidth reserved) {
        return List.of(others("change", reserved), migration("change", number, rate));
    }

    /**
     * Removes a migration.
     *
     * @param reserved the sum of the other reservations
     */
    List<String> remove(int number, Bandwidth reserved) {
        return List.of(
                "tc filter del dev %s parent %s pref %d".formatted(device, HANDLE, number),
                "tc class del dev %s classid %s%x".formatted(device, HANDLE, number),
                others("change", reserved));
    }

    private String others(String verb, Bandwidth reserved) {
        return leaf(verb, 2, capacity.minus(reserved), 1);
    }

    private String migration(String verb, int number, Bandwidth rate) {
        return leaf(verb, number, rate, 0);
    }

    private String leaf(String verb, int number, Bandwidth rate, int priority) {
        return "tc class %s dev %s parent %s1 classid %s%x htb rate %s ceil %s %s prio %d"
                .formatted(verb, device, HANDLE, HANDLE, number, rate, capacity, bursts(), priority);
    }

    private String bursts() {
        long bytes = Math.max(LEAST_BURST_BYTES, Math.round(capacity.bytesPerSecond() * MILLISECOND));
        return "burst %d cburst %d quantum %d".formatted(bytes, bytes, QUANTUM_BYTES);
    }

    private String queue(int number) {
        long bytes = Math.max(LEAST_QUEUE_BYTES, Math.round(capacity.bytesPerSecond() * LONGEST_QUEUE_SECONDS));
        return "tc qdisc add dev %s parent %s%x bfifo limit %d".formatted(device, HANDLE, number, bytes);
    }
}
