package io.github.godwit.lab.experiment;

import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Locale;
import java.util.Optional;

/** A way to reserve bandwidth for a migration. */
enum ReservationWay {
    /** Applications and the migration share the link as TCP does. */
    NONE(0),
    FIXED55(0.55),
    FIXED75(0.75),
    FIXED95(0.95),
    /** The host driver adapts the reservation to the traffic every second. */
    LOOP(0) {
        @Override
        Optional<ReservationTerms> terms() {
            return Optional.of(KEEPING_HALF);
        }
    };

    /**
     * Medium urgency, but the applications must keep half of the link, which is half of what they have undisturbed. The ideal is that of
     * {@link ReservationTerms#DEFAULT}.
     */
    static final ReservationTerms KEEPING_HALF =
            new ReservationTerms(Urgency.MEDIUM, 0.5, 0.5, ReservationTerms.DEFAULT.idealShare());

    private final double share;

    ReservationWay(double share) {
        this.share = share;
    }

    /** Its name in the results, for example {@code fixed55}. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The bandwidth that is reserved all the time; null for none. */
    Bandwidth reservation(Bandwidth link) {
        return share == 0 ? null : Bandwidth.ofMegabits(link.megabits() * share);
    }

    /** Within which the reservation is adapted, if it is. */
    Optional<ReservationTerms> terms() {
        return Optional.empty();
    }
}
