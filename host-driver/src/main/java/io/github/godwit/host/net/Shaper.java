package io.github.godwit.host.net;

import io.github.godwit.host.net.TrafficControl.Flow;
import io.github.godwit.host.net.TrafficControl.Reservation;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The reservations of one direction. The first one attaches a tree to the NIC, the last one to be closed lifts it. */
final class Shaper {

    /** Attaches a tree to the NIC as the NIC is now. */
    interface Attacher {
        /**
         * Puts a tree without migrations in place.
         *
         * @throws IOException when something on the NIC forbids it or a rule is refused; none is left behind then
         */
        Attachment attach() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Shaper.class);

    private final Attacher attacher;
    private final Map<Integer, Held> held = new TreeMap<>();
    private volatile Attachment attachment;

    Shaper(Attacher attacher) {
        this.attacher = attacher;
    }

    /**
     * Keeps bandwidth for a flow.
     *
     * @return with the rate that was asked for, or what is left of the link when that is less
     * @throws IOException when nothing is left or a rule is refused; the others' reservations stay as they were
     */
    synchronized Reservation reserve(Flow flow, Bandwidth asked) throws IOException {
        refuseTwice(flow);
        if (attachment == null) {
            attachment = attacher.attach();
        }
        try {
            Bandwidth others = reserved();
            Held reservation = new Held(freeNumber(), flow, grant(flow, asked, others));
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

    /** Tells the keeper that the agent lives; forgets the reservations when their lease is lost. */
    void renew() {
        Attachment current = attachment;
        if (current != null && !current.lease().renew()) {
            forget(current);
        }
    }

    /** Lifts everything. */
    synchronized void close() {
        if (attachment != null) {
            attachment.lift();
            attachment = null;
            held.clear();
        }
    }

    private synchronized void forget(Attachment lost) {
        if (lost.equals(attachment)) {
            LOG.warn("The rules of {} were lifted without this agent's doing.", held.values());
            attachment = null;
            held.clear();
        }
    }

    private synchronized Bandwidth rate(Held reservation) {
        return isThere(reservation) ? reservation.rate : Bandwidth.ZERO;
    }

    private synchronized void adjust(Held reservation, Bandwidth asked) throws IOException {
        Flow flow = reservation.flow;
        if (!isThere(reservation)) {
            throw new IOException("The reservation of %s is not there any more. Reserve again.".formatted(flow.id()));
        }
        Bandwidth others = reserved().minus(reservation.rate);
        Bandwidth granted = grant(flow, asked, others);
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
        if (!isThere(reservation)) {
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
            LOG.error("The rules of {} stay until the last reservation is closed.", reservation, e);
        }
    }

    private Bandwidth grant(Flow flow, Bandwidth asked, Bandwidth others) throws IOException {
        HtbTree tree = attachment.tree();
        Bandwidth granted = tree.grant(asked, others);
        if (granted.equals(Bandwidth.ZERO)) {
            throw new IOException(
                    "Cannot reserve %s for %s: %s of %s are reserved already. Wait for a migration to end."
                            .formatted(asked, flow.id(), others, tree.capacity()));
        }
        if (granted.compareTo(asked) < 0) {
            LOG.info("{} asked for {}; {} is what can be kept.", flow.id(), asked, granted);
        }
        return granted;
    }

    private Bandwidth reserved() {
        return held.values().stream().map(each -> each.rate).reduce(Bandwidth.ZERO, Bandwidth::plus);
    }

    private void refuseTwice(Flow flow) throws IOException {
        for (Held each : held.values()) {
            if (each.flow.sourceAddress().equals(flow.sourceAddress())
                    && each.flow.destinationAddress().equals(flow.destinationAddress())
                    && each.flow.destinationPorts().equals(flow.destinationPorts())) {
                throw new IOException("Cannot reserve for %s: its flow is reserved for %s already. Close that first."
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

    private boolean isThere(Held reservation) {
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
        public void adjust(Bandwidth asked) throws IOException {
            Shaper.this.adjust(this, asked);
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
