package io.github.godwit.host.net;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The qdiscs of a NIC, and whether reservations are possible together with them. Pure but for {@link #read}.
 *
 * <p>What somebody else owns is never changed or removed. A tree takes the place of the kernel's own default, which the kernel
 * restores, or hangs below an operator's tbf.
 *
 * @param nic        the NIC
 * @param qdiscs     its qdiscs
 * @param redirected whether the NIC has Godwit's redirect to an ifb device
 */
record NicQdiscs(String nic, List<Qdisc> qdiscs, boolean redirected) {

    /** Up to this rate one lock for all queues of a NIC costs little. */
    private static final Bandwidth SERIAL = Bandwidth.ofMegabits(10_000);

    /**
     * What is known about the link, and what the operator permits.
     *
     * @param rate            the rate to divide; empty if it is unknown
     * @param most            what the link carries at most; empty if it is unknown
     * @param shapeMultiqueue whether one tree may replace the queues of a fast NIC
     */
    record Link(Optional<Bandwidth> rate, Optional<Bandwidth> most, boolean shapeMultiqueue) {}

    /**
     * Reads the qdiscs by {@code tc}.
     *
     * @throws IOException if {@code tc} fails, for example because there is no such NIC
     */
    static NicQdiscs read(Command command, String nic) throws IOException {
        List<Qdisc> qdiscs = Qdisc.parse(output(command, List.of("tc", "-j", "-r", "-d", "qdisc", "show", "dev", nic)));
        boolean redirected = false;
        if (qdiscs.stream().anyMatch(Qdisc::isIngress)) {
            String filters = output(command, List.of("tc", "-j", "filter", "show", "dev", nic, "ingress"));
            for (JsonNode filter : new ObjectMapper().readTree(filters.isBlank() ? "[]" : filters)) {
                redirected |= isRedirect(filter, nic);
            }
        }
        return new NicQdiscs(nic, qdiscs, redirected);
    }

    private static boolean isRedirect(JsonNode filter, String nic) {
        return filter.path("pref").asInt() == AttachPoint.REDIRECT_PREFERENCE
                && filter.path("options").findValuesAsText("to_dev").contains(AttachPoint.ifbName(nic));
    }

    private static String output(Command command, List<String> words) throws IOException {
        Command.Result result = command.run(words, "");
        if (result.exitCode() != 0) {
            throw new IOException(
                    "'%s' fails (%s); check the interface name".formatted(String.join(" ", words), result.errorLine()));
        }
        return result.out();
    }

    /** Why a direction of this NIC does not allow reservations, one sentence without a full stop; empty if it allows them. */
    String objection(Direction direction, Link link) {
        if (link.rate().isEmpty()) {
            return "the rate of %s is unknown to its driver; give it by --link".formatted(nic);
        }
        String qdiscs = direction == Direction.EGRESS ? outbound() : inbound();
        boolean mayBeSlow = link.shapeMultiqueue() || link.most().orElseThrow().compareTo(SERIAL) <= 0;
        return qdiscs.isEmpty() && !mayBeSlow
                ? serialised(direction, link.most().orElseThrow())
                : qdiscs;
    }

    private String outbound() {
        for (Qdisc qdisc : qdiscs) {
            if (!qdisc.isRoot() || qdisc.isOurs() || qdisc.isIngress()) {
                continue;
            }
            if (qdisc.isLimiter()) {
                return canHangBelow(qdisc)
                        ? ""
                        : ("%s has a tbf (%s) with a child, a peak rate or another link layer, which could not be restored"
                                        + " afterwards, so that it is left as it is")
                                .formatted(nic, qdisc.handle());
            }
            if (!qdisc.isKernelDefault()) {
                return "%s has an operator's %s qdisc (%s) at its root, which is left as it is"
                        .formatted(nic, qdisc.kind(), qdisc.handle());
            }
        }
        return "";
    }

    private String inbound() {
        return qdiscs.stream()
                .filter(qdisc -> qdisc.isIngress() && !redirected)
                .findFirst()
                .map(qdisc -> "%s has somebody else's %s qdisc, which is left as it is, and a NIC can have only one"
                        .formatted(nic, qdisc.kind()))
                .orElse("");
    }

    /** An ifb device has a single queue, however many the NIC has. */
    private String serialised(Direction direction, Bandwidth most) {
        long queues = qdiscs.stream()
                .filter(qdisc -> qdisc.parent().matches("0?:[0-9a-f]+"))
                .count();
        if (direction == Direction.EGRESS && queues <= 1 && !isWithoutQueue()) {
            return "";
        }
        String from = direction == Direction.INGRESS
                ? "that arrive"
                : isWithoutQueue() ? "that leave" : "of its %d queues".formatted(queues);
        return "%s has %s, and one tree would put all packets %s behind a single lock; --shape-multiqueue accepts that"
                .formatted(nic, most, from);
    }

    /** Whether packets queue elsewhere, as those of a bond, bridge, VLAN or veth do. */
    private boolean isWithoutQueue() {
        return qdiscs.stream().anyMatch(qdisc -> qdisc.isRoot() && qdisc.kind().equals("noqueue"));
    }

    /** Where the tree of a direction is attached; valid only if there is no {@link #objection}. */
    AttachPoint attachPoint(Direction direction, Link link) {
        if (direction == Direction.INGRESS) {
            return AttachPoint.inbound(
                    nic, link.rate().orElseThrow(), link.most().orElseThrow());
        }
        Bandwidth rate = link.rate().orElseThrow();
        if (isWithoutQueue()) {
            return AttachPoint.queueless(nic, rate, link.most().orElseThrow());
        }
        return limiter().map(tbf -> AttachPoint.below(tbf, nic, rate)).orElseGet(() -> AttachPoint.root(nic, rate));
    }

    private Optional<Limiter> limiter() {
        return qdiscs.stream()
                .filter(qdisc -> qdisc.isRoot() && qdisc.isLimiter())
                .findFirst()
                .map(Limiter::of);
    }

    /** What one direction has now. */
    Attachment.Now in(Direction direction) {
        return new Attachment.Now() {
            @Override
            public String change() {
                return NicQdiscs.this.change(direction);
            }

            @Override
            public List<String> removal() {
                return NicQdiscs.this.removal(direction);
            }
        };
    }

    /**
     * Whether a tree is still as Godwit attached it.
     *
     * @param direction direction of the tree
     * @return what has become of it, without a full stop; empty if it is unchanged
     */
    String change(Direction direction) {
        if (direction == Direction.INGRESS) {
            return redirected ? "" : "the filter of %s that redirects to the tree is gone".formatted(nic);
        }
        Optional<Qdisc> tree = qdiscs.stream().filter(Qdisc::hasOurHandle).findFirst();
        if (tree.isEmpty()) {
            String now = qdiscs.stream()
                    .filter(Qdisc::isRoot)
                    .filter(qdisc -> !qdisc.isIngress())
                    .map(qdisc -> "%s (%s)".formatted(qdisc.kind(), qdisc.handle()))
                    .findFirst()
                    .orElse("nothing");
            return "%s has %s at its root instead of the tree".formatted(nic, now);
        }
        String standard = tree.get().options().path("default").asText();
        return standard.equals(HtbTree.OTHERS)
                ? ""
                : "the tree on %s has another default class (%s)".formatted(nic, standard);
    }

    /**
     * The lines that remove a direction's tree from what is there now: an operator's tbf keeps the parameters that it has now.
     */
    List<String> removal(Direction direction) {
        if (direction == Direction.INGRESS) {
            return AttachPoint.inboundRemoval(nic);
        }
        return limiter().map(tbf -> AttachPoint.removalBelow(tbf, nic)).orElseGet(() -> AttachPoint.rootRemoval(nic));
    }

    /** The lines that remove Godwit's rules and devices, for those without a lease. */
    List<String> leftovers() {
        List<String> lines = new ArrayList<>();
        if (qdiscs.stream().anyMatch(Qdisc::isOurs)) {
            lines.addAll(removal(Direction.EGRESS));
        }
        if (redirected) {
            lines.addAll(removal(Direction.INGRESS));
        } else {
            lines.add("ip link del " + AttachPoint.ifbName(nic));
        }
        return lines;
    }

    private boolean canHangBelow(Qdisc tbf) {
        return Limiter.isPlain(tbf)
                && qdiscs.stream()
                        .filter(qdisc -> qdisc.parent().startsWith(tbf.handle()))
                        .allMatch(Qdisc::isOurs);
    }
}
