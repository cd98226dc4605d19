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
     * @throws FlowTakenException if another migration has a reservation for the same flow
     * @throws IOException        if the rules cannot be added; then none is left
     */
    Reservation reserve(Flow flow, Share share) throws IOException;

    /** Reserves a rate that stays as it is and limits nobody. */
    default Reservation reserve(Flow flow, Bandwidth rate) throws IOException {
        return reserve(flow, Share.fixed(rate));
    }

    /** The ports to which libvirt of this host, and of hosts that are set up alike, sends migrations. */
    default PortRange libvirtPorts() {
        return PortRange.LIBVIRT;
    }

    /** The ports that this host gives to migrations that arrive through libvirt, one to each; empty if it gives none. */
    default Optional<PortRange> plannedPorts() {
        return Optional.empty();
    }

    /** Closes all reservations. */
    @Override
    void close();

    /**
     * What a migration gets of a link.
     *
     * @param floor  the rate that it is guaranteed
     * @param limit  the rate that it never exceeds; {@link #NO_LIMIT} for what others leave. A limit below the floor is the floor
     * @param kept   the rate that other traffic is guaranteed, whatever the floor
     * @param yields whether the floor is divided evenly where several migrations want more than {@code kept} leaves; a rate that does not
     *               yield stays until it is closed
     */
    record Share(Bandwidth floor, Bandwidth limit, Bandwidth kept, boolean yields) {

        /** Far above the rate of any NIC: 4 Tbit/s. */
        public static final Bandwidth NO_LIMIT = Bandwidth.ofMegabits(4_000_000);

        /** Raises a limit that is below the floor. */
        public Share {
            limit = limit.compareTo(floor) < 0 ? floor : limit;
        }

        /** A rate that stays as it is and limits nobody. */
        public static Share fixed(Bandwidth rate) {
            return new Share(rate, NO_LIMIT, Bandwidth.ZERO, false);
        }

        /** The same with another floor. */
        public Share withFloor(Bandwidth other) {
            return new Share(other, limit, kept, yields);
        }
    }

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
            PortRange destinationPorts) {

        /** The same flow to other ports. */
        public Flow to(PortRange ports) {
            return new Flow(id, direction, sourceAddress, destinationAddress, ports);
        }
    }

    /** The reservation of one flow. */
    interface Reservation extends AutoCloseable {

        /** The floor that is reserved now; zero if the reservation was closed or its lease was lost. */
        Bandwidth rate();

        /** The rate that the migration cannot exceed now. */
        default Bandwidth limit() {
            return Share.NO_LIMIT;
        }

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
         * Changes floor and limit.
         *
         * @throws IOException if {@code tc} refuses, and then the old ones stay; or if the reservation no longer exists
         */
        void adjust(Share share) throws IOException;

        /** Changes the reserved rate, which limits nobody. */
        default void adjust(Bandwidth rate) throws IOException {
            adjust(Share.fixed(rate));
        }

        /**
         * Matches other ports of the destination from now on, because it has become known which one the migration uses.
         *
         * @throws FlowTakenException if another reservation is for that flow, and then the old ports stay
         * @throws IOException        if {@code tc} refuses, and then the old ports stay; or if the reservation no longer exists
         */
        void match(PortRange ports) throws IOException;

        /** Removes the rules; does nothing if called again. */
        @Override
        void close();
    }
}
