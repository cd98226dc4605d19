package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The reservations of one direction. The first one attaches a tree to the NIC; closing the last one removes it. */
final class Shaper {

    /** Attaches a tree according to the NIC's current qdiscs. */
    interface Attacher {
        /**
         * Attaches a tree without migrations.
         *
         * @throws IOException if the NIC's qdiscs do not allow it, or if a rule is refused; then no rule is left
         */
        Attachment attach() throws IOException;
    }

    /** Reads how many bytes a class has counted. */
    interface Counters {
        OptionalLong bytes(String device, int number);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Shaper.class);

    private final Attacher attacher;
    private final Counters counters;
    private final Map<Integer, Held> held = new TreeMap<>();
    private volatile Attachment attachment;

    Shaper(Attacher attacher, Counters counters) {
        this.attacher = attacher;
        this.counters = counters;
    }

    /**
     * Reserves bandwidth for a flow. Those that yield and hold more than their even part are reduced to it.
     *
     * @return a reservation of the requested floor, or of what is left of the link if that is less
     * @throws FlowTakenException if another reservation is for the same flow
     * @throws IOException        if nothing is left or a rule is refused; then none is added
     */
    synchronized Reservation reserve(Flow flow, Share requested) throws IOException {
        requireUnreserved(flow, null);
        if (attachment == null) {
            attachment = attacher.attach();
        }
        try {
            makeRoom(requested);
            List<Share> others = shares(null);
            Held reservation = new Held(freeNumber(), flow, grant(flow, requested, others));
            attachment.add(reservation.number, flow, reservation.share, Division.sum(others));
            held.put(reservation.number, reservation);
            return reservation;
        } catch (LeaseLostException e) {
            renew();
            throw e;
        } finally {
            if (held.isEmpty()) {
                close();
            }
        }
    }

    /** Renews the lease; drops all reservations if it is lost, or if somebody else has changed the tree. */
    void renew() {
        Attachment current = attachment;
        if (current == null) {
            return;
        }
        if (!current.renew()) {
            forget(current);
            return;
        }
        String change = current.inspect();
        if (!change.isEmpty()) {
            giveUp(current, change);
        }
    }

    /** Whether there are no reservations, so that nothing of Godwit is attached to the NIC. */
    boolean idle() {
        return attachment == null;
    }

    /** Removes the tree and all reservations. */
    synchronized void close() {
        if (attachment != null) {
            attachment.detach();
            attachment = null;
            held.clear();
        }
    }

    private synchronized void forget(Attachment lost) {
        if (lost.equals(attachment)) {
            LOG.warn("Lost the lease: the traffic rules of {} are removed.", held.values());
            attachment = null;
            held.clear();
        }
    }

    private synchronized void giveUp(Attachment changed, String change) {
        if (changed.equals(attachment)) {
            LOG.warn(
                    "Giving up the reservations of {} and leaving the traffic rules as they are: {}.",
                    held.values(),
                    change);
            changed.abandon();
            attachment = null;
            held.clear();
        }
    }

    private OptionalLong bytes(Held reservation) {
        Attachment.Tree tree;
        synchronized (this) {
            if (!isHeld(reservation)) {
                return OptionalLong.empty();
            }
            tree = attachment.tree();
        }
        return counters.bytes(tree.device(), reservation.number);
    }

    private synchronized Bandwidth rate(Held reservation) {
        return isHeld(reservation) ? reservation.share.floor() : Bandwidth.ZERO;
    }

    private synchronized Bandwidth limit(Held reservation) {
        return isHeld(reservation) ? reservation.share.limit() : Share.NO_LIMIT;
    }

    private synchronized void adjust(Held reservation, Share requested) throws IOException {
        requireHeld(reservation);
        List<Share> others = shares(reservation);
        change(reservation, grant(reservation.flow, requested, others), Division.sum(others));
    }

    private void change(Held reservation, Share granted, Bandwidth others) throws IOException {
        if (granted.equals(reservation.share)) {
            return;
        }
        try {
            attachment.change(reservation.number, reservation.share, granted, others);
            reservation.share = granted;
        } catch (LeaseLostException e) {
            renew();
            throw e;
        }
    }

    private synchronized void match(Held reservation, PortRange ports) throws IOException {
        requireHeld(reservation);
        Flow to = reservation.flow.to(ports);
        if (to.equals(reservation.flow)) {
            return;
        }
        requireUnreserved(to, reservation);
        try {
            attachment.match(reservation.number, reservation.flow, to);
            reservation.flow = to;
        } catch (LeaseLostException e) {
            renew();
            throw e;
        }
    }

    private void requireHeld(Held reservation) throws IOException {
        if (!isHeld(reservation)) {
            throw new IOException(
                    "The reservation of %s no longer exists. Reserve again.".formatted(reservation.flow.id()));
        }
    }

    /** Reduces those that yield to the part that they have once another one is there. */
    private void makeRoom(Share newcomer) throws IOException {
        if (!newcomer.yields()) {
            return;
        }
        Bandwidth even = Division.even(attachment.tree(), newcomer, shares(null));
        if (HtbTree.grant(even, even).equals(Bandwidth.ZERO)) {
            return;
        }
        for (Held each : held.values()) {
            if (each.share.yields() && each.share.floor().compareTo(even) > 0) {
                change(each, each.share.withFloor(even), Division.sum(shares(each)));
            }
        }
    }

    private synchronized void release(Held reservation) {
        if (!isHeld(reservation)) {
            return;
        }
        if (held.size() == 1) {
            close();
            return;
        }
        held.remove(reservation.number);
        try {
            attachment.remove(reservation.number, reservation.flow, Division.sum(shares(null)));
        } catch (LeaseLostException e) {
            renew();
        } catch (IOException e) {
            LOG.error("Cannot remove the rules of {}; they stay until the last reservation is closed.", reservation, e);
        }
    }

    private Share grant(Flow flow, Share requested, List<Share> others) throws IOException {
        Attachment.Tree tree = attachment.tree();
        Bandwidth granted = HtbTree.grant(requested.floor(), Division.left(tree, requested, others));
        if (granted.equals(Bandwidth.ZERO)) {
            throw new IOException(
                    "Cannot reserve %s for %s: %s of %s are already reserved. Wait until a migration ends."
                            .formatted(requested.floor(), flow.id(), Division.sum(others), tree.capacity()));
        }
        if (granted.compareTo(requested.floor()) < 0) {
            LOG.debug(
                    "Reserving {} of the requested {} for {}: no more is left", granted, requested.floor(), flow.id());
        }
        return requested.withFloor(granted);
    }

    /** The shares of all but one reservation. */
    private List<Share> shares(Held except) {
        return held.values().stream()
                .filter(each -> each != except)
                .map(each -> each.share)
                .toList();
    }

    private void requireUnreserved(Flow flow, Held except) throws FlowTakenException {
        for (Held each : held.values()) {
            if (each != except
                    && each.flow.sourceAddress().equals(flow.sourceAddress())
                    && each.flow.destinationAddress().equals(flow.destinationAddress())
                    && each.flow.destinationPorts().equals(flow.destinationPorts())) {
                throw new FlowTakenException(flow.id(), each.flow.id());
            }
        }
    }

    private int freeNumber() {
        int number = HtbTree.FIRST_MIGRATION;
        while (held.containsKey(number)) {
            number++;
        }
        return number;
    }

    private boolean isHeld(Held reservation) {
        return held.get(reservation.number) == reservation;
    }

    /** One class of the tree; its share and flow change under the shaper's lock. */
    private final class Held implements Reservation {

        private final int number;
        private volatile Flow flow;
        private volatile Share share;

        Held(int number, Flow flow, Share share) {
            this.number = number;
            this.flow = flow;
            this.share = share;
        }

        @Override
        public Bandwidth limit() {
            return Shaper.this.limit(this);
        }

        @Override
        public void match(PortRange ports) throws IOException {
            Shaper.this.match(this, ports);
        }

        @Override
        public Bandwidth rate() {
            return Shaper.this.rate(this);
        }

        @Override
        public OptionalLong bytes() {
            return Shaper.this.bytes(this);
        }

        @Override
        public void adjust(Share requested) throws IOException {
            Shaper.this.adjust(this, requested);
        }

        @Override
        public void close() {
            release(this);
        }

        @Override
        public String toString() {
            return flow.id() + " (" + share.floor() + ")";
        }
    }
}
