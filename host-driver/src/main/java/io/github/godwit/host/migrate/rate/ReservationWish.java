package io.github.godwit.host.migrate.rate;

import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Optional;

/**
 * What is to be reserved for a migration.
 *
 * @param requested the rate that the request asks for, or null
 * @param terms     within which the rate is adapted every second; null for a rate that stays as it is
 * @param planned   a rate that a plan counts on whatever the terms say, or zero
 */
public record ReservationWish(Bandwidth requested, ReservationTerms terms, Bandwidth planned) {

    /** A wish that no plan counts on. */
    public ReservationWish(Bandwidth requested, ReservationTerms terms) {
        this(requested, terms, Bandwidth.ZERO);
    }

    /**
     * The wish of a request. A migration that was planned without terms is adapted by the host's own, but not below what the plan reserves.
     *
     * @param usual the host's own terms
     */
    public static ReservationWish of(MigrationRequest request, ReservationTerms usual) {
        Bandwidth requested = request.reservation();
        if (request.terms() != null || request.decision() == null) {
            return new ReservationWish(requested, request.terms());
        }
        return new ReservationWish(requested, usual, requested == null ? Bandwidth.ZERO : requested);
    }

    /** The rate to reserve at the beginning, or nothing if enough is free or nothing is wanted. */
    public Optional<Bandwidth> first(LinkProfile link) {
        Optional<Bandwidth> wanted = Optional.ofNullable(requested)
                .or(() -> Optional.ofNullable(terms).flatMap(each -> each.reserve(link)));
        return terms == null
                ? wanted
                : wanted.map(rate -> new RateRule(terms, link.capacity(), MigrationTuning.UNLIMITED, planned)
                        .first(requested, link.available())
                        .floor());
    }

    /** The rule by which the rate is adapted; empty if it stays as it is. */
    public Optional<RateRule> rule(LinkProfile link, MigrationTuning tuning, Technique technique) {
        Bandwidth most =
                technique.isPostCopy() ? tuning.maxBandwidth().min(tuning.postcopyBandwidth()) : tuning.maxBandwidth();
        return Optional.ofNullable(terms).map(each -> new RateRule(each, link.capacity(), most, planned));
    }
}
