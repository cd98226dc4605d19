package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.RecalibratedPredictor;
import io.github.godwit.model.predict.analytic.DiskCopyPredictor;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ModelledReservation;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.MigrationDecider.Candidates;
import io.github.godwit.model.select.MigrationDecider.Prepared;
import io.github.godwit.model.select.MigrationDecider.Situation;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.util.Optional;

/** Chooses the technique and the reserved bandwidth of one migration from the profiles of the VM and both hosts. */
public final class MoveDecision {

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
        return terms;
    }

    /**
     * Chooses the technique of a migration.
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
        HostCapabilities capabilities = source.status().capabilities();
        MigrationLimits limits = capabilities.limits();
        Situation situation = new Situation(
                profile,
                source.expected(),
                destination.expected(),
                LATENCY_MILLIS,
                limits,
                capabilities.reservedMemory(),
                diskBytes);
        Optional<String> obstacle = obstacle(source).or(() -> obstacle(destination));
        Candidates wanted = MigrationDecider.candidates(situation, rule, timeLimit, null);
        Candidates candidates = obstacle.isPresent() ? wanted.withoutReservation() : wanted;
        Predictor calibrated = new RecalibratedPredictor(predictor, source.status()::recalibration);
        Choice choice =
                new MigrationDecider(new DiskCopyPredictor(calibrated)).decide(candidates, availability, policy);
        Prepared prepared = candidates.of(choice.technique());
        return new PlannedMigration(
                move,
                destination.url(),
                choice,
                prepared.reservation(),
                wanted.note(choice.technique(), obstacle) + limits.caveats(),
                prepared.migrationCase());
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
