package io.github.godwit.host.net;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

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

    /** The ports to which libvirt of this host, and of hosts that are set up alike, sends migrations. */
    default PortRange libvirtPorts() {
        return PortRange.LIBVIRT;
    }

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
     * @param sourceAddress      IP address of the source host, of the same version as the destination's
     * @param destinationAddress IP address of the destination host
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

        /** Bytes that the kernel has counted in this reservation's class so far; empty if they cannot be read. */
        default OptionalLong bytes() {
            return OptionalLong.empty();
        }

        /**
         * What to report if a migration has sent data that the reservation did not see: then it had no effect.
         *
         * @param sent bytes that the migration has sent
         */
        default Optional<String> unmatched(long sent) {
            OptionalLong seen = bytes();
            return sent > 0 && seen.isPresent() && seen.getAsLong() == 0
                    ? Optional.of(
                            ("The reservation matched nothing of the %d bytes that the migration sent, so that it had no"
                                            + " effect: check --address on both hosts, and migration_port_min and migration_port_max"
                                            + " in qemu.conf.")
                                    .formatted(sent))
                    : Optional.empty();
        }

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
