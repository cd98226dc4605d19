package io.github.godwit.hostapi;

import io.github.godwit.model.predict.Recalibration;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.LinkDrop;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
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
 * @param hugePages        its pools of huge pages; empty if it has none, or if an older host driver does not report them
 * @param refusals         techniques that libvirt refused lately; they are not used on that way for a while
 * @param portRefusals     hosts to which no migration goes by a port of its own for a while
 * @param godwit           whether Godwit influences the migrations from this host
 * @param policies         the policy set that this host has; null from an older host driver, which knows only the policies that ship
 * @param linkDrop         the latest break of its migration link; null if none was seen
 * @param nic              the NIC that the link and the traffic of the profile are those of, with what is below it; null if unknown
 * @param migrationTraffic the part of that traffic that migrations cause; null if it is unknown
 * @param forecast         the traffic of applications on the usual NIC that is expected in ten minutes; null if nothing is
 * @param observes         why Godwit only observes the migrations from this host, which Nova runs with its own flags, as a sentence; null if
 *                         it does not only observe
 */
public record HostStatus(
        HostProfile profile,
        HostCapabilities capabilities,
        String migrationAddress,
        ReservationSupport reservations,
        String agentVersion,
        Recalibration recalibration,
        List<HugePages> hugePages,
        List<TechniqueRefusal> refusals,
        List<PortRefusal> portRefusals,
        HostSwitch godwit,
        PolicySetVersion policies,
        LinkDrop linkDrop,
        String nic,
        Traffic migrationTraffic,
        Traffic forecast,
        String observes) {

    /**
     * Replaces what an older host driver leaves out: no corrections, no huge pages, no refusals, and switched on. Refusals of techniques
     * that only a newer release knows are left out.
     */
    public HostStatus {
        recalibration = recalibration == null ? Recalibration.NONE : recalibration;
        hugePages = hugePages == null ? List.of() : List.copyOf(hugePages);
        refusals = refusals == null
                ? List.of()
                : refusals.stream().filter(each -> each.technique() != null).toList();
        portRefusals = portRefusals == null ? List.of() : List.copyOf(portRefusals);
        godwit = godwit == null ? HostSwitch.ON : godwit;
    }

    /**
     * The huge pages of one size. A VM that uses huge pages needs free ones of its size on the destination.
     *
     * @param size  size of a page
     * @param total number of pages
     * @param free  number of pages that nobody uses and nobody has been promised
     */
    public record HugePages(MemorySize size, long total, long free) {

        /** Memory in the free pages, in bytes. */
        public long freeBytes() {
            return size.bytes() * free;
        }
    }

    /** This status with another load profile; what is expected changes by the same difference. */
    public HostStatus withProfile(HostProfile other) {
        return new HostStatus(
                other,
                capabilities,
                migrationAddress,
                reservations,
                agentVersion,
                recalibration,
                hugePages,
                refusals,
                portRefusals,
                godwit,
                policies,
                linkDrop,
                nic,
                migrationTraffic,
                forecast == null ? null : forecast.plus(other.traffic()).minus(profile.traffic()),
                observes);
    }

    /** The load without the traffic of migrations, as far as that is known: what says whether the host is busy. */
    public HostProfile applications() {
        return migrationTraffic == null ? profile : with(profile.traffic().minus(migrationTraffic));
    }

    /** The load with the traffic of applications that is expected when a plan of this moment is carried out. */
    public HostProfile expected() {
        return forecast == null ? applications() : with(forecast);
    }

    private HostProfile with(Traffic traffic) {
        return profile.with(profile.link(), traffic);
    }

    /** This status with another NIC, on which nothing is expected. */
    public HostStatus by(String otherNic, Bandwidth link, Traffic traffic) {
        return new HostStatus(
                profile.with(link, traffic),
                capabilities,
                migrationAddress,
                reservations,
                agentVersion,
                recalibration,
                hugePages,
                refusals,
                portRefusals,
                godwit,
                policies,
                linkDrop,
                otherNic,
                migrationTraffic,
                /* forecast= */ null,
                observes);
    }

    /** This status with refusals and another position of the switch. */
    public HostStatus with(List<TechniqueRefusal> refused, List<PortRefusal> refusedPorts, HostSwitch position) {
        return with(refused, refusedPorts, position, observes);
    }

    /** This status with what is known about the migrations from this host. */
    public HostStatus with(
            List<TechniqueRefusal> refused, List<PortRefusal> refusedPorts, HostSwitch position, String observing) {
        return new HostStatus(
                profile,
                capabilities,
                migrationAddress,
                reservations,
                agentVersion,
                recalibration,
                hugePages,
                refused,
                refusedPorts,
                position,
                policies,
                linkDrop,
                nic,
                migrationTraffic,
                forecast,
                observing);
    }

    /**
     * Whether a host can reserve bandwidth.
     *
     * @param available whether it can for migrations from this host
     * @param reason    why it cannot, without a full stop; empty if it can
     * @param inbound   why it cannot for migrations to this host, without a full stop; empty if it can, or if an older host driver
     *                  does not report it
     * @param adapts    whether it takes terms within which a reservation is adapted ({@link MigrationRequest#terms}); false for an older
     *                  host driver
     */
    public record ReservationSupport(boolean available, String reason, String inbound, boolean adapts) {

        /** Replaces a missing {@code inbound} by an empty one. */
        public ReservationSupport {
            inbound = inbound == null ? "" : inbound;
        }

        /**
         * A host driver of this version.
         *
         * @param outbound why it cannot for migrations from this host, without a full stop; empty if it can
         * @param inbound  why it cannot for migrations to this host, without a full stop; empty if it can
         */
        public static ReservationSupport of(String outbound, String inbound) {
            return new ReservationSupport(outbound.isEmpty(), outbound, inbound, true);
        }
    }
}
