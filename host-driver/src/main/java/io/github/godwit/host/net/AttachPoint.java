package io.github.godwit.host.net;

import io.github.godwit.model.unit.Bandwidth;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32;

/**
 * Where an {@link HtbTree} is attached to a NIC, with the batch lines of {@code ip} and {@code tc} that attach and remove it.
 *
 * @param tree   the tree
 * @param before lines to run before the tree is created
 * @param after  lines that direct packets into the tree
 * @param removal   lines that remove all of it and restore the NIC's own configuration
 */
record AttachPoint(HtbTree tree, List<String> before, List<String> after, List<String> removal) {

    /** Preference of the filter that redirects inbound packets: the letters GW in ASCII. */
    static final int REDIRECT_PREFERENCE = 0x4757;

    /** Below the wire's rate even with preambles and inter-frame gaps, so that packets queue in the tree and not in the NIC. */
    private static final double SHARE_OF_WIRE = 0.97;

    /** Linux's {@code IFNAMSIZ}, without the terminating zero. */
    private static final int MAX_NAME_LENGTH = 15;

    /**
     * Outbound, in place of the kernel's default qdisc, which the kernel restores when the tree is removed. The tree has no ceiling:
     * packets queue in it because the NIC is busy, so that it only decides which of them leave first.
     */
    static AttachPoint root(String nic, Bandwidth rate) {
        return new AttachPoint(
                new HtbTree(nic, "root", rate, HtbTree.UNLIMITED), List.of(), List.of(), rootRemoval(nic));
    }

    /**
     * Outbound, on a device without a queue, such as a bond, whose packets queue in the devices below it. Packets queue in the tree only
     * because of a ceiling, which is just below what the link can carry.
     *
     * @param rate the rate to divide
     * @param most what the link can carry at most
     */
    static AttachPoint queueless(String nic, Bandwidth rate, Bandwidth most) {
        return new AttachPoint(
                new HtbTree(nic, "root", belowWire(rate), belowWire(most)), List.of(), List.of(), rootRemoval(nic));
    }

    static List<String> rootRemoval(String nic) {
        return List.of("tc qdisc del dev %s root handle %s".formatted(nic, HtbTree.HANDLE));
    }

    /** Outbound, as the child of an operator's limiter, which stays in place and has no ceiling but that one. */
    static AttachPoint below(Limiter limiter, String nic, Bandwidth rate) {
        return new AttachPoint(
                new HtbTree(nic, "parent " + limiter.child(), rate.min(limiter.rate()), HtbTree.UNLIMITED),
                List.of(),
                List.of(),
                removalBelow(limiter, nic));
    }

    static List<String> removalBelow(Limiter limiter, String nic) {
        return List.of(
                "tc qdisc del dev %s parent %s handle %s".formatted(nic, limiter.child(), HtbTree.HANDLE),
                limiter.restore(nic));
    }

    /**
     * Inbound, on an ifb device to which packets are redirected, because the kernel cannot queue packets on ingress. Packets queue there
     * only because of a ceiling, which is just below what the link can carry.
     *
     * @param rate the rate to divide
     * @param most what the link can carry at most
     */
    static AttachPoint inbound(String nic, Bandwidth rate, Bandwidth most) {
        String ifb = ifbName(nic);
        return new AttachPoint(
                new HtbTree(ifb, "root", belowWire(rate), belowWire(most)),
                List.of("ip link add %s numtxqueues 1 type ifb".formatted(ifb), "ip link set %s up".formatted(ifb)),
                List.of(
                        "tc qdisc add dev %s handle ffff: ingress".formatted(nic),
                        ("tc filter add dev %s parent ffff: protocol all pref %d u32 match u32 0 0"
                                        + " action mirred egress redirect dev %s")
                                .formatted(nic, REDIRECT_PREFERENCE, ifb)),
                inboundRemoval(nic));
    }

    /** Without the redirect packets no longer need the ifb device, so it is removed last. */
    static List<String> inboundRemoval(String nic) {
        return List.of(
                "tc filter del dev %s parent ffff: pref %d".formatted(nic, REDIRECT_PREFERENCE),
                "ingress " + nic,
                "ip link del " + ifbName(nic));
    }

    /** The name of a NIC's ifb device; with a checksum in place of a NIC name that would make it too long. */
    static String ifbName(String nic) {
        String name = "gw-ifb-" + nic;
        if (name.length() <= MAX_NAME_LENGTH) {
            return name;
        }
        CRC32 checksum = new CRC32();
        checksum.update(nic.getBytes(StandardCharsets.UTF_8));
        return String.format(Locale.ROOT, "gw-ifb-%08x", checksum.getValue());
    }

    /** All lines that attach the tree, in their order. */
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
