package io.github.godwit.model.reserve;

import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.Optional;

/**
 * The parameters of {@link BandwidthReservation} as shares of the link, so that they apply to links of any rate. The default shares are
 * for links on which the traffic of applications is not known; {@link #keeping} replaces them by what the applications keep.
 *
 * @param urgency    importance of migrations
 * @param slaLower   share that applications must keep, 0 to {@code slaUpper}
 * @param slaUpper   share that applications should keep, up to 1
 * @param idealShare share that a migration uses on an idle link where {@link ModelledReservation} is not asked, above 0 and up to 1
 */
public record ReservationTerms(Urgency urgency, double slaLower, double slaUpper, double idealShare) {

    /**
     * Medium urgency; applications must keep a quarter of the link and should keep half of it. The ideal is 0.9 of the
     * link, as measured for pre-copy, post-copy and hybrid on an idle link: 848 to 905 of 1000 Mbit/s ([Thesis 2025],
     * section 3.3).
     */
    public static final ReservationTerms DEFAULT = new ReservationTerms(Urgency.MEDIUM, 0.25, 0.5, 0.9);

    /**
     * @throws IllegalArgumentException when the urgency is missing or a share is out of its range
     */
    public ReservationTerms {
        Checks.present("urgency", urgency);
        if (!(0 <= slaLower && slaLower <= slaUpper && slaUpper <= 1)) {
            throw new IllegalArgumentException(
                    "The SLA shares must obey 0 ≤ lower (%s) ≤ upper (%s) ≤ 1.".formatted(slaLower, slaUpper));
        }
        if (!(idealShare > 0 && idealShare <= 1)) {
            throw new IllegalArgumentException(
                    "The idealShare (%s) must be above 0 and at most 1.".formatted(idealShare));
        }
    }

    /** A copy with another urgency. */
    public ReservationTerms withUrgency(Urgency other) {
        return new ReservationTerms(other, slaLower, slaUpper, idealShare);
    }

    /**
     * A copy for one migration, where the traffic of applications is known: its shares are the sums of their SLA bounds.
     *
     * @param applications what they keep on the migration's link, see {@link KeptBandwidth#between}
     * @param capacity     rate of that link, above 0
     */
    public ReservationTerms keeping(KeptBandwidth applications, Bandwidth capacity) {
        double total = Checks.positive("link", capacity.bitsPerSecond());
        return new ReservationTerms(
                urgency,
                Math.min(1, applications.lower().bitsPerSecond() / total),
                Math.min(1, applications.upper().bitsPerSecond() / total),
                idealShare);
    }

    /** What applications keep on a link of this rate. */
    public KeptBandwidth kept(Bandwidth capacity) {
        return new KeptBandwidth(share(capacity, slaLower), share(capacity, slaUpper));
    }

    /** The bandwidth to reserve on a link for a technique that is not known, or nothing if enough is free. */
    public Optional<Bandwidth> reserve(LinkProfile link) {
        return reserve(link, share(link.capacity(), idealShare));
    }

    /**
     * The bandwidth to reserve on a link, or nothing if enough is free.
     *
     * @param ideal bandwidth that the migration would use beside the VM's own traffic
     */
    public Optional<Bandwidth> reserve(LinkProfile link, Bandwidth ideal) {
        KeptBandwidth applications = kept(link.capacity());
        return new BandwidthReservation(urgency, applications.lower(), applications.upper())
                .reserve(ideal, link.capacity(), link.available());
    }

    private static Bandwidth share(Bandwidth total, double share) {
        return new Bandwidth(Math.round(total.bitsPerSecond() * share));
    }
}
