package io.github.godwit.hostapi;

import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.technique.HostCapabilities;

/**
 * One host, as its host driver sees it now.
 *
 * @param profile          load and links
 * @param capabilities     which techniques its QEMU takes
 * @param migrationAddress IP address that migrations to this host go to
 * @param reservations     whether this host can reserve bandwidth
 * @param agentVersion     version of the host driver
 * @param recalibration    what its latest migrations say about predictions for the next
 */
public record HostStatus(
        HostProfile profile,
        HostCapabilities capabilities,
        String migrationAddress,
        ReservationSupport reservations,
        String agentVersion,
        Recalibration recalibration) {

    /** A host driver that does not tell of its migrations says nothing about predictions. */
    public HostStatus {
        recalibration = recalibration == null ? Recalibration.NONE : recalibration;
    }

    /** The same host under another load. */
    public HostStatus withProfile(HostProfile other) {
        return new HostStatus(other, capabilities, migrationAddress, reservations, agentVersion, recalibration);
    }

    /**
     * Whether bandwidth can be reserved.
     *
     * @param available true when all that is needed was found
     * @param reason    what is missing when not, else empty
     */
    public record ReservationSupport(boolean available, String reason) {}
}
