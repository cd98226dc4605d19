package io.github.godwit.host.net;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;

/** Reserves bandwidth for migrations on this host's NIC (SPEC T7). */
public interface TrafficControl extends AutoCloseable {

    /** Whether this host has what a reservation needs, probed once at start. */
    ReservationSupport support();

    /**
     * Keeps bandwidth for one migration; the rest of the link is left to everyone else. The rules are lifted by
     * {@link Reservation#close()}, when the agent stops, and by their lease when it dies.
     *
     * @throws IOException when the rules cannot be put in place; none is left behind then
     */
    Reservation reserve(Flow flow, Bandwidth rate) throws IOException;

    /** Lifts all reservations. */
    @Override
    void close();

    /** Which way a reserved flow goes, seen from this host. */
    enum Direction {
        /** Out of this host: the source of a migration. */
        EGRESS,
        /** Into this host: the destination. */
        INGRESS
    }

    /**
     * The packets of one migration.
     *
     * @param id                 the migration's id
     * @param direction          which way they go
     * @param sourceAddress      IPv4 address of the source host
     * @param destinationAddress IPv4 address of the destination host
     * @param destinationPorts   TCP ports, on one of which the destination's QEMU listens
     */
    record Flow(
            String id,
            Direction direction,
            String sourceAddress,
            String destinationAddress,
            PortRange destinationPorts) {}

    /** Bandwidth that is kept for one flow. */
    interface Reservation extends AutoCloseable {

        /** The rate that is kept now. */
        Bandwidth rate();

        /**
         * Changes the rate in place.
         *
         * @throws IOException when {@code tc} refuses; the old rate stays
         */
        void adjust(Bandwidth rate) throws IOException;

        /** Lifts the rules; does nothing the second time. */
        @Override
        void close();
    }
}
