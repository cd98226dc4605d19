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
 * The terms by which migrations and applications share links of any rate: the parameters of {@link BandwidthReservation}.
 *
 * @param urgency  importance of migrations
 * @param slaLower share of the link that applications must keep where {@code kept} is empty, 0 to {@code slaUpper}
 * @param slaUpper share of the link that applications should keep where {@code kept} is empty, up to 1
 * @param kept     what the applications of both hosts keep on the link of one migration; empty where their traffic is not known
 * @param model    tells the ideal bandwidth of each technique; the current one, since a new version of its file replaces it
 */
public record ReservationTerms(
        Urgency urgency, double slaLower, double slaUpper, Optional<KeptBandwidth> kept, Supplier<BandwidthModel> model)
        implements ReservationRule {

    /** Medium urgency; applications must keep a quarter of the link and should keep half of it; the published bandwidth model. */
    public static final ReservationTerms DEFAULT =
            new ReservationTerms(Urgency.MEDIUM, 0.25, 0.5, BandwidthModel.published());

    /**
     * @throws IllegalArgumentException when a value is missing or a share is out of its range
     */
    public ReservationTerms {
        Checks.present("urgency", urgency);
        Checks.present("kept", kept);
        Checks.present("bandwidth model", model);
        if (!(0 <= slaLower && slaLower <= slaUpper && slaUpper <= 1)) {
            throw new IllegalArgumentException(
                    "The SLA shares must obey 0 ≤ lower (%s) ≤ upper (%s) ≤ 1.".formatted(slaLower, slaUpper));
        }
    }

    /** Terms where the traffic of applications is not known, by a model that stays. */
    public ReservationTerms(Urgency urgency, double slaLower, double slaUpper, BandwidthModel model) {
        this(urgency, slaLower, slaUpper, Optional.empty(), () -> model);
    }

    /** A copy with another urgency. */
    public ReservationTerms withUrgency(Urgency other) {
        return new ReservationTerms(other, slaLower, slaUpper, kept, model);
    }

    /** A copy that asks for the bandwidth model each time. */
    public ReservationTerms withModel(Supplier<BandwidthModel> other) {
        return new ReservationTerms(urgency, slaLower, slaUpper, kept, other);
    }

    /**
     * A copy for one migration, where the traffic of applications is known.
     *
     * @param applications what they keep on its link, see {@link KeptBandwidth#between}
     */
    public ReservationTerms keeping(KeptBandwidth applications) {
        return new ReservationTerms(urgency, slaLower, slaUpper, Optional.of(applications), model);
    }

    @Override
    public Optional<Bandwidth> reserve(ReservationCase migration) {
        KeptBandwidth applications = keptOn(migration.link());
        return new BandwidthReservation(urgency, applications.lower(), applications.upper())
                .reserve(
                        ideal(migration).value(),
                        migration.link().capacity(),
                        migration.link().available());
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
        KeptBandwidth applications = keptOn(migration.link());
        String share = "%s urgency, %.0f %% of the %.0f Mbit/s that %s uses beside the VM's own traffic by the curve %s"
                .formatted(
                        urgency,
                        100 * urgency.idealShare(),
                        ideal(migration).value().megabits(),
                        migration.technique(),
                        ideal(migration).origin().describe());
        if (urgency == Urgency.HIGH) {
            return share;
        }
        return "%s; applications keep %.0f Mbit/s, %s"
                .formatted(
                        share,
                        urgency.kept(applications.lower(), applications.upper()).megabits(),
                        kept.isPresent()
                                ? "the sum of their SLA bounds"
                                : "%.0f %% of the link"
                                        .formatted(100 * (urgency == Urgency.LOW ? slaUpper : slaLower)));
    }

    /** What the migration gets without a reservation, as a sentence with a leading space; empty if both hosts are idle. */
    private String obtained(ReservationCase migration) {
        if (isIdle(migration.source()) && isIdle(migration.destination())) {
            return "";
        }
        return " %s gets %s."
                .formatted(
                        migration.technique(),
                        model.get()
                                .obtained(
                                        migration.technique(),
                                        migration.source(),
                                        migration.destination(),
                                        migration.vm())
                                .describe());
    }

    private static boolean isIdle(HostProfile host) {
        return TrafficClass.of(host.traffic()) == TrafficClass.IDLE;
    }

    private Reading ideal(ReservationCase migration) {
        return model.get()
                .ideal(migration.technique(), migration.vm(), migration.link().capacity());
    }

    private KeptBandwidth keptOn(LinkProfile link) {
        return kept.orElseGet(
                () -> new KeptBandwidth(share(link.capacity(), slaLower), share(link.capacity(), slaUpper)));
    }

    private static Bandwidth share(Bandwidth total, double share) {
        return new Bandwidth(Math.round(total.bitsPerSecond() * share));
    }
}
