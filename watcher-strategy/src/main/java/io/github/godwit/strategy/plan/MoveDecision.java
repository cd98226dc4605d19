package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.RecalibratedPredictor;
import io.github.godwit.model.predict.analytic.DiskCopyPredictor;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MigrationEstimate;
import io.github.godwit.model.schedule.TechniqueEstimates;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.Choice.Score;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.MigrationDecider.Prepared;
import io.github.godwit.model.select.MigrationDecider.Situation;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.HostCapabilities;
import io.github.godwit.model.technique.MigrationLimits;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Chooses the technique and the reserved bandwidth of one migration from the profiles of the VM and both hosts. */
public final class MoveDecision {

    /** A round trip within a rack. Plans do not measure it; on such links its effect is small. */
    private static final double LATENCY_MILLIS = 0.2;

    /** A schedule needs times above 0. */
    private static final double SHORTEST_SECONDS = 1e-3;

    private final Predictor predictor;
    private final SloPolicy policy;
    private final ReservationTerms terms;
    private final Duration timeLimit;

    /**
     * @param predictor predicts the metrics of each technique
     * @param policy    the SLO policy
     * @param terms     how migrations and applications share a link
     * @param timeLimit a migration that takes longer will be cancelled
     */
    public MoveDecision(Predictor predictor, SloPolicy policy, ReservationTerms terms, Duration timeLimit) {
        this.predictor = predictor;
        this.policy = policy;
        this.terms = terms;
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

    /** Returns the same decision by another predictor. */
    public MoveDecision by(Predictor other) {
        return new MoveDecision(other, policy, terms, timeLimit);
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
     * @param share bandwidth that the migration gets beside others, or nothing if it is alone on the link
     * @throws io.github.godwit.model.select.NoTechniqueException if no technique can migrate the VM
     */
    PlannedMigration decide(
            Move move,
            VmProfile profile,
            ClusterHost source,
            ClusterHost destination,
            TechniqueAvailability availability,
            long diskBytes,
            Optional<Bandwidth> share) {
        MigrationLimits limits = source.status().capabilities().limits();
        Situation situation = situation(profile, source, destination, diskBytes);
        LinkProfile link = situation.link();
        Optional<Bandwidth> wanted =
                terms.reserve(link).map(limits::atMost).map(most -> share.map(most::min).orElse(most));
        Optional<String> obstacle = obstacle(source).or(() -> obstacle(destination));
        Prepared prepared = MigrationDecider.prepare(
                situation, any -> obstacle.isPresent() ? Optional.empty() : wanted, timeLimit, null);
        MigrationCase migrationCase =
                share.map(rate -> on(rate, prepared.migrationCase())).orElse(prepared.migrationCase());
        Choice choice = decider(source).decide(migrationCase, availability, policy);
        return new PlannedMigration(
                move,
                destination.url(),
                choice,
                prepared.reservation(),
                note(link, wanted, obstacle) + limits.caveats(),
                migrationCase);
    }

    /**
     * Estimates every technique at a constant bandwidth.
     *
     * @throws io.github.godwit.model.select.NoTechniqueException if no technique can migrate the VM
     */
    TechniqueEstimates estimate(MoveFacts facts, ClusterHost source, ClusterHost destination, Bandwidth share) {
        Situation situation = situation(facts.profile(), source, destination, facts.diskBytes());
        Prepared prepared = MigrationDecider.prepare(situation, any -> Optional.empty(), timeLimit, null);
        Choice choice = decider(source)
                .decide(
                        on(share, prepared.migrationCase()),
                        facts.techniques().get(destination.name()),
                        policy);
        Map<Technique, MigrationEstimate> estimates = new EnumMap<>(Technique.class);
        choice.scores().forEach(score -> estimates.put(score.technique(), estimate(score)));
        return new TechniqueEstimates(choice.technique(), estimates);
    }

    private static MigrationEstimate estimate(Score score) {
        return estimate(score.technique(), score.prediction(), score.violation());
    }

    /** What a scheduler needs of a prediction. */
    public static MigrationEstimate estimate(Technique technique, Prediction prediction, double violation) {
        Estimate total = prediction.estimates().get(Metric.TOTAL_TIME);
        double value = Math.max(SHORTEST_SECONDS, total.value() / 1e3);
        return new MigrationEstimate(
                technique,
                new Interval(
                        Math.min(value, Math.max(0, total.low() / 1e3)), value, Math.max(value, total.high() / 1e3)),
                Math.max(0, prediction.value(Metric.DOWNTIME)),
                Math.max(0, prediction.value(Metric.TRANSFERRED_DATA)),
                Math.max(0, violation));
    }

    private MigrationDecider decider(ClusterHost source) {
        return new MigrationDecider(
                new DiskCopyPredictor(new RecalibratedPredictor(predictor, source.status()::recalibration)));
    }

    private static Situation situation(
            VmProfile profile, ClusterHost source, ClusterHost destination, long diskBytes) {
        HostCapabilities capabilities = source.status().capabilities();
        return new Situation(
                profile,
                source.profile(),
                destination.profile(),
                LATENCY_MILLIS,
                capabilities.limits(),
                capabilities.reservedMemory(),
                diskBytes);
    }

    /** The case on a link of which the migration gets this much and nobody else anything. */
    public static MigrationCase on(Bandwidth share, MigrationCase alone) {
        Bandwidth rate = new Bandwidth(Math.max(1, share.bitsPerSecond()));
        return new MigrationCase(
                alone.vm(),
                alone.source(),
                alone.destination(),
                new LinkProfile(rate, rate, Bandwidth.ZERO, alone.link().latencyMillis()),
                alone.tuning(),
                alone.diskBytes());
    }

    private static Optional<String> obstacle(ClusterHost host) {
        ReservationSupport support = host.status().reservations();
        if (support != null && support.available()) {
            return Optional.empty();
        }
        return Optional.of(
                "%s cannot reserve bandwidth%s".formatted(host.name(), support == null ? "" : ": " + support.reason()));
    }

    private String note(LinkProfile link, Optional<Bandwidth> wanted, Optional<String> obstacle) {
        String free = "%.0f of %.0f Mbit/s are free"
                .formatted(link.available().megabits(), link.capacity().megabits());
        if (wanted.isEmpty()) {
            return "Nothing is reserved: %s.".formatted(free);
        }
        String amount = "%.0f Mbit/s".formatted(wanted.get().megabits());
        return obstacle.map(why -> "%s and %s should be reserved, but %s.".formatted(free, amount, why))
                .orElseGet(() -> "%s are reserved (%s urgency): %s.".formatted(amount, terms.urgency(), free));
    }
}
