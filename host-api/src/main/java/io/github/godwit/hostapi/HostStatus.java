package io.github.godwit.hostapi;

import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.technique.HostCapabilities;
import java.util.List;

/**
 * The current state of one host, as its host driver reports it.
 *
 * @param profile          its CPU and memory load, link and traffic
 * @param capabilities     which techniques its QEMU supports
 * @param migrationAddress IP address at which this host receives migrations
 * @param reservations     whether this host can reserve bandwidth
 * @param agentVersion     version of the host driver
 * @param recalibration    corrections of predictions, from the errors of this host's latest migrations
 * @param refusals         techniques that libvirt refused lately; they are not used on that way for a while
 * @param godwit           whether Godwit influences the migrations from this host
 */
public record HostStatus(
        HostProfile profile,
        HostCapabilities capabilities,
        String migrationAddress,
        ReservationSupport reservations,
        String agentVersion,
        Recalibration recalibration,
        List<TechniqueRefusal> refusals,
        HostSwitch godwit) {

    /** Replaces what an older host driver leaves out: no corrections, no refusals, and switched on. */
    public HostStatus {
        recalibration = recalibration == null ? Recalibration.NONE : recalibration;
        refusals = refusals == null ? List.of() : List.copyOf(refusals);
        godwit = godwit == null ? HostSwitch.ON : godwit;
    }

    /** A host without refusals, which is switched on. */
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
                other, capabilities, migrationAddress, reservations, agentVersion, recalibration, refusals, godwit);
    }

    /** This status with refusals and another position of the switch. */
    public HostStatus with(List<TechniqueRefusal> refused, HostSwitch position) {
        return new HostStatus(
                profile, capabilities, migrationAddress, reservations, agentVersion, recalibration, refused, position);
    }

    /**
     * Whether a host can reserve bandwidth.
     *
     * @param available whether it can
     * @param reason    why it cannot, without a full stop; empty if it can
     */
    public record ReservationSupport(boolean available, String reason) {}
}
