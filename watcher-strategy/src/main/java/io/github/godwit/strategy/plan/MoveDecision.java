package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.RecalibratedPredictor;
import io.github.godwit.model.predict.analytic.DiskCopyPredictor;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ModelledReservation;
import io.github.godwit.model.reserve.ReservationRule;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.PolicyEstimator;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.MigrationDecider.Candidates;
import io.github.godwit.model.select.MigrationDecider.Prepared;
import io.github.godwit.model.select.MigrationDecider.Situation;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.Scattering;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.util.Optional;

/** Chooses the technique and the reserved bandwidth of one migration from the profiles of the VM and both hosts. */
public final class MoveDecision {

    /**
     * What a schedule gives to a migration.
     *
     * @param rate   bandwidth that it begins with
     * @param shared whether other migrations use a part of its way at the same time
     */
    record Share(Bandwidth rate, boolean shared) {}

    /** A round trip within a rack. Plans do not measure it; on such links its effect is small. */
    private static final double LATENCY_MILLIS = 0.2;

    private final Predictor predictor;
    private final SloPolicy policy;
    private final ModelledReservation rule;
    private final Duration timeLimit;

    /**
     * @param predictor predicts the metrics of each technique
     * @param policy    the SLO policy
     * @param terms     how migrations and applications share a link
     * @param timeLimit a migration that takes longer will be cancelled
     */
    public MoveDecision(Predictor predictor, SloPolicy policy, ReservationTerms terms, Duration timeLimit) {
        this(predictor, policy, new ModelledReservation(terms), timeLimit);
    }

    /**
     * @param rule how migrations and applications share a link, by a bandwidth model of one's own
     */
    public MoveDecision(Predictor predictor, SloPolicy policy, ModelledReservation rule, Duration timeLimit) {
        this.predictor = predictor;
        this.policy = policy;
        this.rule = rule;
        this.timeLimit = timeLimit;
    }

    /** Returns the name of the SLO policy. */
    public String policy() {
        return policy.name();
    }

    /** Returns how migrations and applications share a link. */
    public ReservationTerms terms() {
        return rule.terms();
    }

    /** Returns the same decision under the terms of one migration. */
    MoveDecision under(ReservationTerms terms) {
        return new MoveDecision(predictor, policy, rule.with(terms), timeLimit);
    }

    /** Returns the same decision by another predictor. */
    public MoveDecision by(Predictor other) {
        return new MoveDecision(other, policy, rule, timeLimit);
    }

    /**
     * Chooses the technique of a migration that is alone on the link.
     *
     * @param move         the move
     * @param profile      profile of the VM
     * @param source       the source host
     * @param destination  the destination host
     * @param availability the techniques that both hosts can run
     * @param diskBytes    bytes of the VM's disks that are copied as well
     * @throws io.github.godwit.model.select.NoTechniqueException if no technique can migrate the VM
     */
    public PlannedMigration decide(
            Move move,
            VmProfile profile,
            ClusterHost source,
            ClusterHost destination,
            TechniqueAvailability availability,
            long diskBytes) {
        return decide(move, profile, source, destination, availability, diskBytes, Optional.empty());
    }

    /**
     * Chooses the technique of a migration.
     *
     * @param share what a schedule gives to the migration, or nothing if there is none. What it gets beside other migrations is reserved
     *              even if it is free now, since the others would take it
     * @throws io.github.godwit.model.select.NoTechniqueException if no technique can migrate the VM
     */
    PlannedMigration decide(
            Move move,
            VmProfile profile,
            ClusterHost source,
            ClusterHost destination,
            TechniqueAvailability availability,
            long diskBytes,
            Optional<Share> share) {
        Optional<String> obstacle = obstacle(source).or(() -> obstacle(destination));
        Candidates wanted = MigrationDecider.candidates(
                situation(profile, source, destination, diskBytes),
                share.map(this::rule).orElse(rule),
                timeLimit,
                null);
        Candidates candidates = obstacle.isPresent() ? wanted.withoutReservation() : wanted;
        MigrationDecider decider = new MigrationDecider(calibrated(source));
        Optional<MigrationCase> shared = share.map(given -> PolicyEstimator.atShare(wanted.unreserved(), given.rate()));
        Choice choice = shared.isPresent()
                ? decider.decide(shared.get(), availability, policy)
                : decider.decide(candidates, availability, policy);
        Prepared prepared = candidates.of(choice.technique());
        MigrationCase basis = shared.orElse(prepared.migrationCase());
        return new PlannedMigration(
                        move,
                        destination.url(),
                        choice,
                        prepared.reservation(),
                        wanted.note(choice.technique(), obstacle)
                                + source.status().capabilities().limits().caveats(),
                        new MigrationCase(
                                profile,
                                source.profile(),
                                destination.profile(),
                                basis.link(),
                                basis.tuning(),
                                diskBytes,
                                basis.scattering()))
                .within(rule.terms());
    }

    private ReservationRule rule(Share share) {
        return share.shared() ? ReservationRule.share(share.rate()) : rule.atMost(share.rate());
    }

    /** Returns the policy. */
    SloPolicy rules() {
        return policy;
    }

    /** Returns what a scheduler estimates a migration from. */
    PolicyEstimator.Candidate candidate(MoveFacts facts, ClusterHost source, ClusterHost destination) {
        Situation situation = situation(facts.profile(), source, destination, facts.diskBytes());
        MigrationCase unreserved = MigrationDecider.candidates(situation, ReservationRule.NOTHING, timeLimit, null)
                .unreserved();
        return new PolicyEstimator.Candidate(
                unreserved, facts.techniques().get(destination.name()), calibrated(source));
    }

    private Predictor calibrated(ClusterHost source) {
        return new DiskCopyPredictor(new RecalibratedPredictor(predictor, source.status()::recalibration));
    }

    private static Situation situation(VmProfile profile, ClusterHost source, ClusterHost destination, long diskBytes) {
        HostCapabilities capabilities = source.status().capabilities();
        return new Situation(
                profile,
                source.expected(),
                destination.expected(),
                LATENCY_MILLIS,
                capabilities.limits(),
                capabilities.reservedMemory(),
                diskBytes,
                Scattering.between(capabilities, destination.status().capabilities())
                        .orElse(null));
    }

    private static Optional<String> obstacle(ClusterHost host) {
        ReservationSupport support = host.status().reservations();
        if (support != null && support.available()) {
            return Optional.empty();
        }
        return Optional.of(
                "%s cannot reserve bandwidth%s".formatted(host.name(), support == null ? "" : ": " + support.reason()));
    }
}
