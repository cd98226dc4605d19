package io.github.godwit.host.net;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * What hangs on a NIC now, and whether reservations can live with it.
 *
 * @param nic        the NIC
 * @param qdiscs     its qdiscs
 * @param redirected whether Godwit's redirect to an ifb device is there
 */
record NicQdiscs(String nic, List<Qdisc> qdiscs, boolean redirected) {

    /**
     * Asks {@code tc}.
     *
     * @throws IOException when it does not answer, or when there is no such NIC
     */
    static NicQdiscs read(Command command, String nic) throws IOException {
        List<Qdisc> qdiscs = Qdisc.parse(ask(command, List.of("tc", "-j", "-r", "-d", "qdisc", "show", "dev", nic)));
        boolean redirected = false;
        if (qdiscs.stream().anyMatch(Qdisc::isIngress)) {
            String filters = ask(command, List.of("tc", "-j", "filter", "show", "dev", nic, "parent", "ffff:"));
            redirected = StreamSupport.stream(
                            new ObjectMapper()
                                    .readTree(filters.isBlank() ? "[]" : filters)
                                    .spliterator(),
                            false)
                    .anyMatch(filter -> filter.path("pref").asInt() == AttachPoint.REDIRECT_PREFERENCE);
        }
        return new NicQdiscs(nic, qdiscs, redirected);
    }

    private static String ask(Command command, List<String> words) throws IOException {
        Command.Result result = command.run(words, "");
        if (result.exitCode() != 0) {
            throw new IOException(
                    "'%s' fails (%s); check the interface name".formatted(String.join(" ", words), result.complaint()));
        }
        return result.out();
    }

    /** Why no reservation can be put on this NIC, one sentence; empty when it can. */
    String objection() {
        for (Qdisc qdisc : qdiscs) {
            if (qdisc.isIngress() && !redirected) {
                return "%s has an %s qdisc that is not Godwit's, and a NIC has only one; remove it with 'tc qdisc del dev %s %s'"
                        .formatted(nic, qdisc.kind(), nic, qdisc.kind());
            }
            if (qdisc.isRoot() && !qdisc.isKernelDefault() && !qdisc.isOurs() && !isLimiter(qdisc)) {
                return "%s has an operator's %s qdisc (%s) at its root, and reservations go with the kernel's default or a tbf only; remove it with 'tc qdisc del dev %s root'"
                        .formatted(nic, qdisc.kind(), qdisc.handle(), nic);
            }
            if (qdisc.isRoot() && isLimiter(qdisc) && !canHangBelow(qdisc)) {
                return "%s has a tbf (%s) with a child, a peak rate or a link layer of its own, which cannot be put back afterwards; make it a tbf with rate, burst and limit only"
                        .formatted(nic, qdisc.handle());
            }
        }
        return "";
    }

    /** Where a reservation of this direction goes; only when there is no {@link #objection}. */
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

    /** The lines that lift Godwit's own rules and devices, for those of which no lease tells. */
    List<String> leftovers(Bandwidth link) {
        List<String> lines = new ArrayList<>();
        if (qdiscs.stream().anyMatch(Qdisc::isOurs)) {
            lines.addAll(attachPoint(Direction.EGRESS, link).lift());
        }
        if (redirected) {
            lines.addAll(attachPoint(Direction.INGRESS, link).lift());
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
