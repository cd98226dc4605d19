package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
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

    private static final Logger LOG = LoggerFactory.getLogger(Shaper.class);

    private final Attacher attacher;
    private final ClassBytes counters;
    private final Map<Integer, Held> held = new TreeMap<>();
    private volatile Attachment attachment;

    Shaper(Attacher attacher, ClassBytes counters) {
        this.attacher = attacher;
        this.counters = counters;
    }

    /**
     * Reserves bandwidth for a flow.
     *
     * @return a reservation of the requested rate, or of what is left of the link if that is less
     * @throws IOException if nothing is left, the flow has a reservation already, or a rule is refused; other reservations stay
     *                     as they are
     */
    synchronized Reservation reserve(Flow flow, Bandwidth requested) throws IOException {
        requireUnreserved(flow);
        if (attachment == null) {
            attachment = attacher.attach();
        }
        try {
            Bandwidth others = reserved();
            Held reservation = new Held(freeNumber(), flow, grant(flow, requested, others));
            attachment.add(reservation.number, flow, reservation.rate, others);
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
        HtbTree tree;
        synchronized (this) {
            if (!isHeld(reservation)) {
                return OptionalLong.empty();
            }
            tree = attachment.tree();
        }
        return counters.bytes(tree.device(), reservation.number);
    }

    private synchronized Bandwidth rate(Held reservation) {
        return isHeld(reservation) ? reservation.rate : Bandwidth.ZERO;
    }

    private synchronized void adjust(Held reservation, Bandwidth requested) throws IOException {
        Flow flow = reservation.flow;
        if (!isHeld(reservation)) {
            throw new IOException("The reservation of %s no longer exists. Reserve again.".formatted(flow.id()));
        }
        Bandwidth others = reserved().minus(reservation.rate);
        Bandwidth granted = grant(flow, requested, others);
        if (granted.equals(reservation.rate)) {
            return;
        }
        try {
            attachment.change(reservation.number, reservation.rate, granted, others);
            reservation.rate = granted;
        } catch (LeaseLostException e) {
            renew();
            throw e;
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
            attachment.remove(reservation.number, reserved());
        } catch (LeaseLostException e) {
            renew();
        } catch (IOException e) {
            LOG.error("Cannot remove the rules of {}; they stay until the last reservation is closed.", reservation, e);
        }
    }

    private Bandwidth grant(Flow flow, Bandwidth requested, Bandwidth others) throws IOException {
        HtbTree tree = attachment.tree();
        Bandwidth granted = tree.grant(requested, others);
        if (granted.equals(Bandwidth.ZERO)) {
            throw new IOException(
                    "Cannot reserve %s for %s: %s of %s are already reserved. Wait until a migration ends."
                            .formatted(requested, flow.id(), others, tree.capacity()));
        }
        if (granted.compareTo(requested) < 0) {
            LOG.info("Reserving {} for {}, which requested {}: the link has no more.", granted, flow.id(), requested);
        }
        return granted;
    }

    private Bandwidth reserved() {
        return held.values().stream().map(each -> each.rate).reduce(Bandwidth.ZERO, Bandwidth::plus);
    }

    private void requireUnreserved(Flow flow) throws IOException {
        for (Held each : held.values()) {
            if (each.flow.sourceAddress().equals(flow.sourceAddress())
                    && each.flow.destinationAddress().equals(flow.destinationAddress())
                    && each.flow.destinationPorts().equals(flow.destinationPorts())) {
                throw new IOException(
                        "Cannot reserve for %s: %s already has a reservation for the same flow. Close it first."
                                .formatted(flow.id(), each.flow.id()));
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

    /** One class of the tree; its rate changes under the shaper's lock. */
    private final class Held implements Reservation {

        private final int number;
        private final Flow flow;
        private Bandwidth rate;

        Held(int number, Flow flow, Bandwidth rate) {
            this.number = number;
            this.flow = flow;
            this.rate = rate;
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
        public void adjust(Bandwidth requested) throws IOException {
            Shaper.this.adjust(this, requested);
        }

        @Override
        public void close() {
            release(this);
        }

        @Override
        public String toString() {
            return flow.id() + " (" + rate + ")";
        }
    }
}
