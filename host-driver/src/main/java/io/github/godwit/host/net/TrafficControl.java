package io.github.godwit.host.net;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;

/** Reserves bandwidth for migrations on this host's NIC. */
public interface TrafficControl extends AutoCloseable {

    /** Whether this host can reserve bandwidth, checked once at start. */
    ReservationSupport support();

    /**
     * Reserves bandwidth for one migration; the rest of the link is left to other traffic. The rules are removed by
     * {@link Reservation#close()}, when the host driver stops, and through their lease if it dies.
     *
     * @throws IOException if the rules cannot be added; then none is left
     */
    Reservation reserve(Flow flow, Bandwidth rate) throws IOException;

    /** Closes all reservations. */
    @Override
    void close();

    /** Direction of a flow, as this host sees it. */
    enum Direction {
        /** Out of this host, which is the source of the migration. */
        EGRESS,
        /** Into this host, which is the destination of the migration. */
        INGRESS
    }

    /**
     * The packets of one migration.
     *
     * @param id                 id of the migration
     * @param direction          their direction
     * @param sourceAddress      IPv4 address of the source host
     * @param destinationAddress IPv4 address of the destination host
     * @param destinationPorts   TCP ports, one of which the destination's QEMU listens on
     */
    record Flow(
            String id,
            Direction direction,
            String sourceAddress,
            String destinationAddress,
            PortRange destinationPorts) {}

    /** The reservation of one flow. */
    interface Reservation extends AutoCloseable {

        /** The rate that is reserved now; zero if the reservation was closed or its lease was lost. */
        Bandwidth rate();

        /**
         * Changes the reserved rate.
         *
         * @throws IOException if {@code tc} refuses, and then the old rate stays; or if the reservation no longer exists
         */
        void adjust(Bandwidth rate) throws IOException;

        /** Removes the rules; does nothing if called again. */
        @Override
        void close();
    }
}
