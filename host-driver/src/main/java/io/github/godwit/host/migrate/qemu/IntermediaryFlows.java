package io.github.godwit.host.migrate.qemu;

import io.github.godwit.host.migrate.rate.FlowReservation;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.host.scatter.store.Intermediary;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * What the source reserves for the pages that it sends to intermediaries: each gets an even part of the migration's reservation, and no more than the
 * rate that its operator states. An intermediary runs nothing of Godwit, so its ingress is kept free from here.
 */
final class IntermediaryFlows implements AutoCloseable {

    /** Guaranteed where only a limit is wanted: a class of tc needs some. */
    private static final Bandwidth LIMITED = Bandwidth.ofMegabits(1);

    private final List<FlowReservation> flows = new ArrayList<>();

    private IntermediaryFlows() {}

    /**
     * Reserves. What cannot be reserved is noted, and the pages go there without.
     *
     * @param reserved what is reserved for the migration; null for nothing, and then only the rates that operators state are kept to
     */
    static IntermediaryFlows reserve(
            TrafficControl traffic,
            String migration,
            String sourceAddress,
            Bandwidth reserved,
            List<Intermediary> intermediaries,
            Consumer<String> notes) {
        IntermediaryFlows all = new IntermediaryFlows();
        Bandwidth part = reserved == null ? LIMITED : new Bandwidth(reserved.bitsPerSecond() / intermediaries.size());
        for (Intermediary intermediary : intermediaries) {
            if (reserved == null && intermediary.link().isEmpty()) {
                continue;
            }
            try {
                FlowReservation flow = new FlowReservation(
                        traffic,
                        new Flow(
                                migration + "@" + intermediary.name(),
                                Direction.EGRESS,
                                sourceAddress,
                                InetAddress.getByName(intermediary.host()).getHostAddress(),
                                PortRange.of(intermediary.port())),
                        change -> {});
                all.flows.add(flow);
                Bandwidth limit = intermediary.link().orElse(Share.NO_LIMIT);
                flow.apply(new Share(part.min(limit), limit, Bandwidth.ZERO, true));
            } catch (IOException e) {
                notes.accept(
                        "Nothing is reserved for intermediary %s: %s".formatted(intermediary.name(), e.getMessage()));
            }
        }
        return all;
    }

    @Override
    public void close() {
        flows.forEach(FlowReservation::close);
    }
}
