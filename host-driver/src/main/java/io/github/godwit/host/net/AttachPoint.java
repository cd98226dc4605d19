package io.github.godwit.host.net;

import io.github.godwit.model.unit.Bandwidth;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Where an {@link HtbTree} hangs, and what brings the packets there, as batch lines.
 *
 * @param tree   the tree
 * @param before what must be there before the tree
 * @param after  what sends packets through the tree
 * @param lift   takes all away and leaves the NIC as it was
 */
record AttachPoint(HtbTree tree, List<String> before, List<String> after, List<String> lift) {

    /** Preference of the filter that redirects inbound packets: the letters GW. */
    static final int REDIRECT_PREFERENCE = 0x4757;

    /** A little below the wire's rate, preambles and gaps counted, so that packets queue here and not in the NIC. */
    private static final double SHARE_OF_WIRE = 0.97;

    private static final int LONGEST_NAME = 15;

    /** Outbound, in place of the kernel's default qdisc, which comes back at the end. */
    static AttachPoint root(String nic, Bandwidth link) {
        return new AttachPoint(
                new HtbTree(nic, "root", belowWire(link)),
                List.of(),
                List.of(),
                List.of("tc qdisc del dev %s root handle %s".formatted(nic, HtbTree.HANDLE)));
    }

    /** Outbound, below an operator's limiter, which stays. */
    static AttachPoint below(Limiter limiter, String nic, Bandwidth link) {
        String parent = "parent " + limiter.child();
        return new AttachPoint(
                new HtbTree(nic, parent, link.min(limiter.rate())),
                List.of(),
                List.of(),
                List.of(
                        "tc qdisc del dev %s %s handle %s".formatted(nic, parent, HtbTree.HANDLE),
                        limiter.restore(nic)));
    }

    /** Inbound: packets take a detour through an ifb device, the only place where they can queue. */
    static AttachPoint inbound(String nic, Bandwidth link) {
        String ifb = ifbName(nic);
        return new AttachPoint(
                new HtbTree(ifb, "root", belowWire(link)),
                List.of("ip link add %s numtxqueues 1 type ifb".formatted(ifb), "ip link set %s up".formatted(ifb)),
                List.of(
                        "tc qdisc add dev %s handle ffff: ingress".formatted(nic),
                        ("tc filter add dev %s parent ffff: protocol all pref %d u32 match u32 0 0"
                                        + " action mirred egress redirect dev %s")
                                .formatted(nic, REDIRECT_PREFERENCE, ifb)),
                // The redirect first: packets go straight in again before their detour ends.
                List.of(
                        "tc filter del dev %s parent ffff: pref %d".formatted(nic, REDIRECT_PREFERENCE),
                        "tc qdisc del dev %s ingress".formatted(nic),
                        "ip link del " + ifb));
    }

    /** The name of a NIC's ifb device; a NIC's long name is told by its checksum. */
    static String ifbName(String nic) {
        String name = "gw-ifb-" + nic;
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        CRC32 checksum = new CRC32();
        checksum.update(nic.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "gw-ifb-%08x", checksum.getValue());
    }

    /** All lines that put it in place. */
    List<String> attach() {
        List<String> lines = new ArrayList<>(before);
        lines.addAll(tree.build());
        lines.addAll(after);
        return lines;
    }

    private static Bandwidth belowWire(Bandwidth link) {
        return new Bandwidth(Math.round(link.bitsPerSecond() * SHARE_OF_WIRE));
    }
}
