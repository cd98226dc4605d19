package io.github.godwit.host.migrate.rate;

import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.reserve.ReservationCase;
import io.github.godwit.model.reserve.ReservationRule;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.Optional;

/**
 * What is to be reserved for a migration.
 *
 * @param requested the rate that the request asks for, or null
 * @param rule      what is reserved at the beginning if the request asks for no rate
 * @param terms     within which the rate is adapted every second; null for a rate that stays as it is
 * @param planned   a rate that a plan counts on whatever the terms say, or zero
 */
public record ReservationWish(Bandwidth requested, ReservationRule rule, ReservationTerms terms, Bandwidth planned)
        implements ReservationRule {

    /** A wish by a rule that no plan counts on. */
    public ReservationWish(ReservationRule rule, ReservationTerms terms) {
        this(null, rule, terms, Bandwidth.ZERO);
    }

    /** A wish for a rate, or by the terms without one. */
    ReservationWish(Bandwidth requested, ReservationTerms terms, Bandwidth planned) {
        this(
                requested,
                terms == null ? ReservationRule.NOTHING : migration -> terms.reserve(migration.link()),
                terms,
                planned);
    }

    /**
     * The wish of a request. A migration that was planned without terms is adapted by the host's own, but not below what the plan reserves.
     *
     * @param usual the host's own terms
     */
    public static ReservationWish of(MigrationRequest request, ReservationTerms usual) {
        Bandwidth requested = request.reservation();
        if (request.terms() != null || request.decision() == null) {
            return new ReservationWish(requested, request.terms(), Bandwidth.ZERO);
        }
        return new ReservationWish(requested, usual, requested == null ? Bandwidth.ZERO : requested);
    }

    /** {@inheritDoc} It is larger than the rule's if so much is free. */
    @Override
    public Optional<Bandwidth> reserve(ReservationCase migration) {
        Optional<Bandwidth> wanted = Optional.ofNullable(requested).or(() -> rule.reserve(migration));
        LinkProfile link = migration.link();
        return terms == null
                ? wanted
                : wanted.map(rate -> new RateRule(terms, link.capacity(), MigrationTuning.UNLIMITED, planned)
                        .first(requested, link.available())
                        .floor());
    }

    @Override
    public String note(ReservationCase migration, Optional<Bandwidth> reserved, Optional<String> obstacle) {
        return requested == null ? rule.note(migration, reserved, obstacle) : "";
    }

    /** The rule by which the rate is adapted; empty if it stays as it is. */
    public Optional<RateRule> adaptation(LinkProfile link, MigrationTuning tuning, Technique technique) {
        Bandwidth most =
                technique.isPostCopy() ? tuning.maxBandwidth().min(tuning.postcopyBandwidth()) : tuning.maxBandwidth();
        return Optional.ofNullable(terms).map(each -> new RateRule(each, link.capacity(), most, planned));
    }
}
