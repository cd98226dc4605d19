package io.github.godwit.model.api;

import io.github.godwit.model.HostCapabilities;
import io.github.godwit.model.HostProfile;

/**
 * One host, as its host driver sees it now.
 *
 * @param profile          load and links
 * @param capabilities     which techniques its QEMU takes
 * @param migrationAddress IP address that migrations to this host go to
 * @param reservations     whether this host can reserve bandwidth
 * @param agentVersion     version of the host driver
 */
public record HostStatus(
        HostProfile profile,
        HostCapabilities capabilities,
        String migrationAddress,
        ReservationSupport reservations,
        String agentVersion) {

    /**
     * Whether bandwidth can be reserved.
     *
     * @param available true when all that is needed was found
     * @param reason    what is missing when not, else empty
     */
    public record ReservationSupport(boolean available, String reason) {}
}
