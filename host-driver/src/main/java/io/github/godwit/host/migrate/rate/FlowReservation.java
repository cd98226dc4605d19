package io.github.godwit.host.migrate.rate;

import io.github.godwit.host.net.PortRange;
import io.github.godwit.host.net.TrafficControl;
import io.github.godwit.host.net.TrafficControl.Direction;
import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.hostapi.GrantedRate;
import io.github.godwit.hostapi.IncomingRate;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * What one host reserves for one migration: nothing at first, something as soon as it is needed, nothing again at the end. A reservation
 * that was lost is not made again, because somebody else has changed the rules. Safe for use by several threads.
 */
public final class FlowReservation implements AutoCloseable {

    private final TrafficControl traffic;
    private final IntConsumer count;
    private Flow flow;
    private Reservation held;
    private boolean closed;

    /**
     * Nothing is reserved yet.
     *
     * @param flow  the packets of the migration
     * @param count gets 1 when a reservation begins and -1 when it ends
     */
    public FlowReservation(TrafficControl traffic, Flow flow, IntConsumer count) {
        this.traffic = traffic;
        this.flow = flow;
        this.count = count;
    }

    /**
     * Reserves a share, or changes the one that is reserved.
     *
     * @return what is reserved now, possibly with a lower floor
     * @throws IOException if that is not possible; then what was reserved stays
     */
    public synchronized Share apply(Share wanted) throws IOException {
        if (closed) {
            throw new IOException("Cannot reserve for %s: it has ended.".formatted(flow.id()));
        }
        if (held == null) {
            if (flow.direction() == Direction.EGRESS && !traffic.support().available()) {
                throw new IOException(traffic.support().reason());
            }
            Reservation made = traffic.reserve(flow, wanted);
            if (closed) {
                made.close();
                throw new IOException("Cannot reserve for %s: it has ended meanwhile.".formatted(flow.id()));
            }
            held = made;
            count.accept(1);
        } else {
            held.adjust(wanted);
        }
        return wanted.withFloor(held.rate());
    }

    /**
     * Follows the source of a migration to this host.
     *
     * @param free the rate that all traffic leaves free on this host's link
     */
    public GrantedRate follow(IncomingRate wanted, Supplier<Optional<Bandwidth>> free) {
        String note = "";
        try {
            if (wanted.port() != null) {
                match(PortRange.of(wanted.port()));
            }
            apply(new Share(
                    wanted.floor(), wanted.limit() == null ? Share.NO_LIMIT : wanted.limit(), wanted.kept(), true));
        } catch (IOException e) {
            note = e.getMessage();
        }
        return new GrantedRate(rate(), free.get().orElse(null), note);
    }

    /**
     * Matches other ports from now on.
     *
     * @throws IOException if that is not possible; then the old ones are matched
     */
    public synchronized void match(PortRange ports) throws IOException {
        if (held != null) {
            held.match(ports);
        }
        flow = flow.to(ports);
    }

    /** Releases what is reserved. There can be a reservation for these ports afterwards. */
    public synchronized void release(PortRange ports) {
        if (!closed && held != null) {
            held.close();
            count.accept(-1);
            held = null;
        }
        flow = flow.to(ports);
    }

    /** The ports that are matched. */
    public synchronized PortRange ports() {
        return flow.destinationPorts();
    }

    /** Whether something was reserved, even if it was lost since. */
    public synchronized boolean exists() {
        return held != null;
    }

    /** The floor that is reserved now, or zero. */
    public synchronized Bandwidth rate() {
        return held == null ? Bandwidth.ZERO : held.rate();
    }

    /** Bytes that were counted so far; empty if nothing is reserved or they cannot be read. */
    public OptionalLong bytes() {
        Reservation now;
        synchronized (this) {
            now = held;
        }
        return now == null ? OptionalLong.empty() : now.bytes();
    }

    /** What to report if the migration has sent data that the reservation did not see. */
    public synchronized Optional<String> unmatched(long sent) {
        return held == null ? Optional.empty() : held.unmatched(sent);
    }

    /** Ends the reservation; there can be none afterwards. */
    @Override
    public synchronized void close() {
        if (!closed && held != null) {
            held.close();
            count.accept(-1);
        }
        closed = true;
    }
}
