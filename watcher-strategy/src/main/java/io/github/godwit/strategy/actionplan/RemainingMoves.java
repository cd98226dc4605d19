package io.github.godwit.strategy.actionplan;

import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.Objective;
import io.github.godwit.model.schedule.PolicyEstimator;
import io.github.godwit.model.schedule.PolicyEstimator.Candidate;
import io.github.godwit.model.schedule.RunningMigration;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.objects.Action;
import io.github.godwit.strategy.objects.ActionState;
import io.github.godwit.strategy.objects.MigrateParameters;
import io.github.godwit.strategy.plan.MigrationSlot;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.plan.ScheduleInput;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** What is left of a plan, as a problem for the scheduler. Destinations and techniques stay. */
final class RemainingMoves {

    private static final double LATENCY_MILLIS = 0.2;

    /** Share of its duration that a running migration is assumed to need at least, however long it has run already. */
    private static final double OVERDUE = 0.1;

    private final Predictor predictor;
    private final Interval overhead;
    private final double pace;
    private final Racks racks;

    /**
     * @param predictor predicts migrations
     * @param overhead  time of a migration besides its transfer, in seconds
     * @param pace      by how much longer migrations take than predicted
     * @param racks     links between racks
     */
    RemainingMoves(Predictor predictor, Interval overhead, double pace, Racks racks) {
        this.predictor = predictor;
        this.overhead = overhead;
        this.pace = pace;
        this.racks = racks;
    }

    /**
     * Builds the problem.
     *
     * @param actions    the actions of the plan
     * @param apart      anti-affinity groups
     * @param concurrent how many migrations a host may be the source of at a time; 0 for any number
     * @param elapsed    seconds since the plan began
     */
    SchedulingProblem problem(
            List<Action> actions, List<Set<String>> apart, ToIntFunction<String> concurrent, double elapsed) {
        Map<String, MigrateParameters> left = new HashMap<>();
        List<MoveRequest> moves = new ArrayList<>();
        List<RunningMigration> running = new ArrayList<>();
        Map<String, HostNetwork> hosts = new TreeMap<>();
        Map<String, HostLimit> limits = new TreeMap<>();
        for (Action action : actions) {
            boolean pending = action.state() == ActionState.PENDING;
            if (!Readiness.isScheduled(action) || action.state().isFinal()) {
                continue;
            }
            MigrateParameters parameters = MigrateParameters.read(action.parameters());
            Observation seen = parameters.observed();
            hosts.computeIfAbsent(parameters.sourceNode(), name -> network(seen.source()));
            hosts.computeIfAbsent(parameters.destinationNode(), name -> network(seen.destination()));
            limits.computeIfAbsent(
                    parameters.sourceNode(), name -> new HostLimit(name, concurrent.applyAsInt(name), 0));
            if (pending) {
                left.put(parameters.resourceId(), parameters);
                moves.add(new MoveRequest(
                        parameters.resourceId(),
                        parameters.sourceNode(),
                        List.of(parameters.destinationNode()),
                        parameters.reservationTerms() == null
                                ? Urgency.MEDIUM
                                : parameters.reservationTerms().urgency(),
                        parameters.schedule().priority(),
                        Bandwidth.ZERO,
                        Bandwidth.ZERO,
                        seen.vm().traffic(),
                        1));
            } else {
                running.add(running(parameters, elapsed));
            }
        }
        MigrationEstimator estimator = estimator(left);
        return new SchedulingProblem(
                moves,
                running,
                new Topology(List.copyOf(hosts.values()), racks.links()),
                List.copyOf(limits.values()),
                apart,
                Objective.EMPTY_TIME,
                estimator,
                estimator);
    }

    private HostNetwork network(HostProfile host) {
        return ScheduleInput.network(host, racks, ReservationTerms.DEFAULT, true, Traffic.NONE);
    }

    /**
     * A migration that runs.
     *
     * @param elapsed seconds since its plan began
     */
    static RunningMigration running(MigrateParameters parameters, double elapsed) {
        MigrationSlot slot = parameters.schedule();
        long rate = slot.bandwidth().stream()
                .filter(step -> step.from() <= elapsed)
                .reduce((first, second) -> second)
                .or(() -> slot.bandwidth().stream().findFirst())
                .map(MigrationSlot.Rate::bitsPerSecond)
                .orElse(1L);
        double least = OVERDUE * (slot.end().value() - slot.start().value());
        double value = Math.max(least, slot.end().value() - elapsed);
        return new RunningMigration(
                parameters.resourceId(),
                parameters.sourceNode(),
                parameters.destinationNode(),
                new Bandwidth(rate),
                new Interval(
                        Math.min(value, Math.max(0, slot.end().low() - elapsed)),
                        value,
                        Math.max(value, slot.end().high() - elapsed)));
    }

    private MigrationEstimator estimator(Map<String, MigrateParameters> left) {
        Map<String, Candidate> known = new HashMap<>();
        left.forEach((vm, parameters) -> known.put(vm, candidate(parameters)));
        return ScheduleInput.with(
                overhead,
                pace,
                new PolicyEstimator(
                        (vm, destination) -> known.get(vm),
                        SloPolicies.shipped().get("ensure_performance")));
    }

    private Candidate candidate(MigrateParameters parameters) {
        Observation seen = parameters.observed();
        return new Candidate(
                new MigrationCase(
                        seen.vm(),
                        seen.source(),
                        seen.destination(),
                        LinkProfile.between(seen.source(), seen.destination(), LATENCY_MILLIS),
                        MigrationTuning.forVm(seen.vm())),
                TechniqueAvailability.all()
                        .without(EnumSet.complementOf(EnumSet.of(parameters.technique())), "The technique is decided."),
                predictor);
    }
}
