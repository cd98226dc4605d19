package io.github.godwit.hostapi;

import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.technique.HostCapabilities;

/**
 * The current state of one host, as its host driver reports it.
 *
 * @param profile          its CPU and memory load, link and traffic
 * @param capabilities     which techniques its QEMU supports
 * @param migrationAddress IP address at which this host receives migrations
 * @param reservations     whether this host can reserve bandwidth
 * @param agentVersion     version of the host driver
 * @param recalibration    corrections of predictions, from the errors of this host's latest migrations
 */
public record HostStatus(
        HostProfile profile,
        HostCapabilities capabilities,
        String migrationAddress,
        ReservationSupport reservations,
        String agentVersion,
        Recalibration recalibration) {

    /** Replaces a missing {@code recalibration}, as an older host driver leaves it, by {@link Recalibration#NONE}. */
    public HostStatus {
        recalibration = recalibration == null ? Recalibration.NONE : recalibration;
    }

    /** This status with another load profile. */
    public HostStatus withProfile(HostProfile other) {
        return new HostStatus(other, capabilities, migrationAddress, reservations, agentVersion, recalibration);
    }

    /**
     * Whether a host can reserve bandwidth.
     *
     * @param available whether it can for migrations from this host
     * @param reason    why it cannot, without a full stop; empty if it can
     * @param inbound   why it cannot for migrations to this host, without a full stop; empty if it can, or if an older host driver
     *                  does not report it
     */
    public record ReservationSupport(boolean available, String reason, String inbound) {

        /** Replaces a missing {@code inbound} by an empty one. */
        public ReservationSupport {
            inbound = inbound == null ? "" : inbound;
        }

        /** A host that can reserve bandwidth in both directions or in none. */
        public ReservationSupport(boolean available, String reason) {
            this(available, reason, "");
        }
    }
}
