package io.github.godwit.host.net;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The qdiscs of a NIC, and whether reservations are possible together with them.
 *
 * @param nic        the NIC
 * @param qdiscs     its qdiscs
 * @param redirected whether the NIC has Godwit's redirect to an ifb device
 */
record NicQdiscs(String nic, List<Qdisc> qdiscs, boolean redirected) {

    /**
     * Reads the qdiscs by {@code tc}.
     *
     * @throws IOException if {@code tc} fails, for example because there is no such NIC
     */
    static NicQdiscs read(Command command, String nic) throws IOException {
        List<Qdisc> qdiscs = Qdisc.parse(output(command, List.of("tc", "-j", "-r", "-d", "qdisc", "show", "dev", nic)));
        boolean redirected = false;
        if (qdiscs.stream().anyMatch(Qdisc::isIngress)) {
            String filters = output(command, List.of("tc", "-j", "filter", "show", "dev", nic, "parent", "ffff:"));
            redirected = StreamSupport.stream(
                            new ObjectMapper()
                                    .readTree(filters.isBlank() ? "[]" : filters)
                                    .spliterator(),
                            false)
                    .anyMatch(filter -> filter.path("pref").asInt() == AttachPoint.REDIRECT_PREFERENCE);
        }
        return new NicQdiscs(nic, qdiscs, redirected);
    }

    private static String output(Command command, List<String> words) throws IOException {
        Command.Result result = command.run(words, "");
        if (result.exitCode() != 0) {
            throw new IOException(
                    "'%s' fails (%s); check the interface name".formatted(String.join(" ", words), result.errorLine()));
        }
        return result.out();
    }

    /** Why this NIC does not allow reservations, one sentence without a full stop; empty if it allows them. */
    String objection() {
        for (Qdisc qdisc : qdiscs) {
            if (qdisc.isIngress() && !redirected) {
                return "%s has an %s qdisc that is not Godwit's, and a NIC can have only one; remove it with 'tc qdisc del dev %s %s'"
                        .formatted(nic, qdisc.kind(), nic, qdisc.kind());
            }
            if (qdisc.isRoot() && !qdisc.isKernelDefault() && !qdisc.isOurs() && !isLimiter(qdisc)) {
                return ("%s has an operator's %s qdisc (%s) at its root, and reservations need the kernel's default or a tbf;"
                                + " remove it with 'tc qdisc del dev %s root'")
                        .formatted(nic, qdisc.kind(), qdisc.handle(), nic);
            }
            if (qdisc.isRoot() && isLimiter(qdisc) && !canHangBelow(qdisc)) {
                return ("%s has a tbf (%s) with a child, a peak rate or another link layer, which could not be restored afterwards;"
                                + " replace it by a tbf with rate, burst and limit only")
                        .formatted(nic, qdisc.handle());
            }
        }
        return "";
    }

    /** Where the tree of a direction is attached; valid only if there is no {@link #objection}. */
    AttachPoint attachPoint(Direction direction, Bandwidth link) {
        if (direction == Direction.INGRESS) {
            return AttachPoint.inbound(nic, link);
        }
        return qdiscs.stream()
                .filter(qdisc -> qdisc.isRoot() && isLimiter(qdisc))
                .findFirst()
                .map(tbf -> AttachPoint.below(Limiter.of(tbf), nic, link))
                .orElseGet(() -> AttachPoint.root(nic, link));
    }

    /** The lines that remove Godwit's rules and devices, for those without a lease. */
    List<String> leftovers(Bandwidth link) {
        List<String> lines = new ArrayList<>();
        if (qdiscs.stream().anyMatch(Qdisc::isOurs)) {
            lines.addAll(attachPoint(Direction.EGRESS, link).removal());
        }
        if (redirected) {
            lines.addAll(attachPoint(Direction.INGRESS, link).removal());
        } else {
            lines.add("ip link del " + AttachPoint.ifbName(nic));
        }
        return lines;
    }

    private boolean isLimiter(Qdisc qdisc) {
        return qdisc.kind().equals("tbf");
    }

    private boolean canHangBelow(Qdisc tbf) {
        return Limiter.isPlain(tbf)
                && qdiscs.stream()
                        .filter(qdisc -> qdisc.parent().startsWith(tbf.handle()))
                        .allMatch(Qdisc::isOurs);
    }
}
