package io.github.godwit.host.migrate.rate;

import io.github.godwit.host.net.FlowTakenException;
import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Traffic control that grants everything but what a test has it refuse, and remembers what is reserved. */
final class FakeTrafficControl implements TrafficControl {

    final List<Share> shares = new ArrayList<>();
    Flow flow;
    boolean closed;
    Optional<String> refusal = Optional.empty();

    /** The ports of another migration's flow to the same host. */
    Optional<PortRange> taken = Optional.empty();

    OptionalLong bytes = OptionalLong.empty();
    private Share now;

    @Override
    public ReservationSupport support() {
        return ReservationSupport.of("", "");
    }

    @Override
    public Reservation reserve(Flow reserved, Share share) throws IOException {
        requireFree(reserved.destinationPorts());
        set(share);
        flow = reserved;
        closed = false;
        return new Reservation() {
            @Override
            public Bandwidth rate() {
                return closed ? Bandwidth.ZERO : now.floor();
            }

            @Override
            public OptionalLong bytes() {
                return bytes;
            }

            @Override
            public void adjust(Share other) throws IOException {
                set(other);
            }

            @Override
            public void match(PortRange ports) throws IOException {
                requireFree(ports);
                flow = flow.to(ports);
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    private void requireFree(PortRange ports) throws FlowTakenException {
        if (taken.equals(Optional.of(ports))) {
            throw new FlowTakenException("m", "other");
        }
    }

    private void set(Share share) throws IOException {
        if (refusal.isPresent()) {
            throw new IOException(refusal.get());
        }
        now = share;
        shares.add(share);
    }

    Share last() {
        return shares.get(shares.size() - 1);
    }

    @Override
    public void close() {
        closed = true;
    }
}
