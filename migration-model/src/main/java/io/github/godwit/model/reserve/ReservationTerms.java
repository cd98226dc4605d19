package io.github.godwit.model.reserve;

import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Optional;

/**
 * The parameters of {@link BandwidthReservation} as shares of the link, so that they apply to links of any rate.
 *
 * @param urgency    importance of migrations
 * @param slaLower   share that applications must keep, 0 to {@code slaUpper}
 * @param slaUpper   share that applications should keep, up to 1
 * @param idealShare share that a migration uses on an idle link, above 0 and up to 1
 */
public record ReservationTerms(Urgency urgency, double slaLower, double slaUpper, double idealShare) {

    /**
     * Medium urgency; applications must keep a quarter of the link and should keep half of it. The ideal is 0.9 of the
     * link, as measured for pre-copy, post-copy and hybrid on an idle link: 848 to 905 of 1000 Mbit/s ([Thesis 2025],
     * section 3.3).
     */
    public static final ReservationTerms DEFAULT = new ReservationTerms(Urgency.MEDIUM, 0.25, 0.5, 0.9);

    /**
     * @throws IllegalArgumentException when a share is out of its range
     */
    public ReservationTerms {
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

    /** The bandwidth to reserve on a link, or nothing if enough is free. */
    public Optional<Bandwidth> reserve(LinkProfile link) {
        Bandwidth total = link.capacity();
        return new BandwidthReservation(urgency, share(total, slaLower), share(total, slaUpper))
                .reserve(share(total, idealShare), total, link.available());
    }

    private static Bandwidth share(Bandwidth total, double share) {
        return new Bandwidth(Math.round(total.bitsPerSecond() * share));
    }
}
