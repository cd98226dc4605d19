package io.github.godwit.model.reserve;

import io.github.godwit.model.bandwidth.BandwidthModel;
import io.github.godwit.model.bandwidth.BandwidthModel.Reading;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Reserves by the ideal bandwidth of each technique, as a bandwidth model tells it ([Thesis 2025], algorithm 2).
 *
 * @param terms the urgency, and what applications keep
 * @param model the current model, since a new version of its file replaces it
 */
public record ModelledReservation(ReservationTerms terms, Supplier<BandwidthModel> model) implements ReservationRule {

    /**
     * @throws IllegalArgumentException when a value is missing
     */
    public ModelledReservation {
        Checks.present("terms", terms);
        Checks.present("bandwidth model", model);
    }

    /** Reserves by the published curves. */
    public ModelledReservation(ReservationTerms terms) {
        this(terms, BandwidthModel::published);
    }

    /** A copy with other terms. */
    public ModelledReservation with(ReservationTerms other) {
        return new ModelledReservation(other, model);
    }

    @Override
    public Optional<Bandwidth> reserve(ReservationCase migration) {
        return terms.reserve(migration.link(), ideal(migration).value());
    }

    @Override
    public String note(ReservationCase migration, Optional<Bandwidth> reserved, Optional<String> obstacle) {
        LinkProfile link = migration.link();
        String free = "%.0f of %.0f Mbit/s are free"
                .formatted(link.available().megabits(), link.capacity().megabits());
        if (reserved.isEmpty()) {
            return "Nothing is reserved: %s.%s".formatted(free, obtained(migration));
        }
        String amount = "%.0f Mbit/s".formatted(reserved.get().megabits());
        return obstacle.map(why ->
                        "%s and %s should be reserved, but %s.%s".formatted(free, amount, why, obtained(migration)))
                .orElseGet(() -> "%s are to be reserved (%s): %s.".formatted(amount, reasons(migration), free));
    }

    private String reasons(ReservationCase migration) {
        Urgency urgency = terms.urgency();
        Reading ideal = ideal(migration);
        String share = "%s urgency, %.0f %% of the %.0f Mbit/s that %s uses beside the VM's own traffic by the curve %s"
                .formatted(
                        urgency,
                        100 * urgency.idealShare(),
                        ideal.value().megabits(),
                        migration.technique(),
                        ideal.origin().describe());
        if (urgency == Urgency.HIGH) {
            return share;
        }
        KeptBandwidth applications = terms.kept(migration.link().capacity());
        return "%s; applications keep %.0f Mbit/s"
                .formatted(
                        share,
                        urgency.kept(applications.lower(), applications.upper()).megabits());
    }

    /** What the migration gets without a reservation, as a sentence with a leading space; empty if both hosts are idle. */
    private String obtained(ReservationCase migration) {
        if (isIdle(migration.source()) && isIdle(migration.destination())) {
            return "";
        }
        Reading reading = model.get()
                .obtained(migration.technique(), migration.source(), migration.destination(), migration.vm());
        return " %s gets %s.".formatted(migration.technique(), reading.describe());
    }

    private static boolean isIdle(HostProfile host) {
        return TrafficClass.of(host.traffic()) == TrafficClass.IDLE;
    }

    private Reading ideal(ReservationCase migration) {
        return model.get()
                .ideal(migration.technique(), migration.vm(), migration.link().capacity());
    }
}
