package io.github.godwit.hostapi;

import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.LinkDrop;

/**
 * The current state of one host, as its host driver reports it.
 *
 * @param profile          its CPU and memory load, link and traffic
 * @param capabilities     which techniques its QEMU supports
 * @param migrationAddress IP address at which this host receives migrations
 * @param reservations     whether this host can reserve bandwidth
 * @param agentVersion     version of the host driver
 * @param recalibration    corrections of predictions, from the errors of this host's latest migrations
 * @param policies         the policy set that this host has; null from an older host driver, which knows only the policies that ship
 * @param linkDrop         the latest break of its migration link; null if none was seen
 */
public record HostStatus(
        HostProfile profile,
        HostCapabilities capabilities,
        String migrationAddress,
        ReservationSupport reservations,
        String agentVersion,
        Recalibration recalibration,
        PolicySetVersion policies,
        LinkDrop linkDrop) {

    /** Replaces a missing {@code recalibration}, as an older host driver leaves it, by {@link Recalibration#NONE}. */
    public HostStatus {
        recalibration = recalibration == null ? Recalibration.NONE : recalibration;
    }

    /** The status of a host driver without a policy set. */
    public HostStatus(
            HostProfile profile,
            HostCapabilities capabilities,
            String migrationAddress,
            ReservationSupport reservations,
            String agentVersion,
            Recalibration recalibration) {
        this(profile, capabilities, migrationAddress, reservations, agentVersion, recalibration, null, null);
    }

    /** This status with another load profile. */
    public HostStatus withProfile(HostProfile other) {
        return new HostStatus(
                other, capabilities, migrationAddress, reservations, agentVersion, recalibration, policies, linkDrop);
    }

    /**
     * Whether a host can reserve bandwidth.
     *
     * @param available whether it can
     * @param reason    why it cannot, without a full stop; empty if it can
     */
    public record ReservationSupport(boolean available, String reason) {}
}
