package io.github.godwit.strategy.plan;

import io.github.godwit.hostapi.HostStatus.ReservationSupport;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.RecalibratedPredictor;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.MigrationDecider.Prepared;
import io.github.godwit.model.select.MigrationDecider.Situation;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.ClusterHost;
import io.github.godwit.strategy.decide.Move;
import java.time.Duration;
import java.util.Optional;

/** Decides how one VM is moved, from what is known about it and both hosts. Pure. */
public final class MoveDecision {

    /** A round trip within a rack. No host driver measures it, and on such links it hardly matters. */
    private static final double LATENCY_MILLIS = 0.2;

    private final Predictor predictor;
    private final SloPolicy policy;
    private final ReservationTerms terms;
    private final Duration timeLimit;

    /**
     * @param predictor tells what each technique would cost
     * @param policy    the operator's wishes
     * @param terms     how migrations and applications share a link
     * @param timeLimit a migration that takes longer will be cancelled
     */
    public MoveDecision(Predictor predictor, SloPolicy policy, ReservationTerms terms, Duration timeLimit) {
        this.predictor = predictor;
        this.policy = policy;
        this.terms = terms;
        this.timeLimit = timeLimit;
    }

    /** Name of the policy that is decided under. */
    public String policy() {
        return policy.name();
    }

    /**
     * Decides.
     *
     * @param move         what is to be moved
     * @param profile      the VM
     * @param source       the host it is on
     * @param destination  the host it goes to
     * @param availability what both can run
     * @throws io.github.godwit.model.select.NoTechniqueException when nothing can move it
     */
    public PlannedMigration decide(
            Move move,
            VmProfile profile,
            ClusterHost source,
            ClusterHost destination,
            TechniqueAvailability availability) {
        Situation situation = new Situation(profile, source.profile(), destination.profile(), LATENCY_MILLIS);
        LinkProfile link = situation.link();
        Optional<Bandwidth> wanted = terms.reserve(link);
        Optional<String> obstacle = obstacle(source).or(() -> obstacle(destination));
        Prepared prepared = MigrationDecider.prepare(
                situation, any -> obstacle.isPresent() ? Optional.empty() : wanted, timeLimit, null);
        Choice choice = new MigrationDecider(new RecalibratedPredictor(predictor, source.status()::recalibration))
                .decide(prepared.migrationCase(), availability, policy);
        return new PlannedMigration(
                move,
                destination.agent(),
                choice,
                prepared.reservation(),
                note(link, wanted, obstacle),
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
