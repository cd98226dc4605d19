package io.github.godwit.lab.experiment;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.lab.driver.Lab;
import io.github.godwit.lab.net.LabHost;
import io.github.godwit.model.predict.RecalibratedPredictor;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.reserve.KeptBandwidth;
import io.github.godwit.model.reserve.ReservationRule;
import io.github.godwit.model.reserve.ReservationTerms;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.PolicyEstimator;
import io.github.godwit.model.schedule.PolicyEstimator.Candidate;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.select.MigrationDecider;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.plan.Racks;
import io.github.godwit.strategy.plan.ScheduleInput;
import io.github.godwit.strategy.plan.ScheduleTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the product's schedulers are asked about VMs of a lab: their profiles and traffic, and the links of two hosts, as the host drivers
 * report them now, with the predictions that the service also uses.
 */
final class LabProblem {

    private static final String POLICY = "ensure_performance";
    private static final double LATENCY_MILLIS = 0.2;
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final HostDriverClient driver;
    private final LabHost destination;
    private final HostStatus from;
    private final HostStatus to;

    /**
     * Asks both host drivers for the state of their hosts.
     *
     * @param source      the host of the VMs
     * @param destination the host that they move to
     */
    LabProblem(Lab lab, LabHost source, LabHost destination) {
        this.driver = lab.client(source);
        this.destination = destination;
        this.from = driver.host();
        this.to = lab.client(destination).host();
    }

    /**
     * Profiles VMs, which takes seconds for each.
     *
     * @param vms        names of the VMs
     * @param techniques the techniques that may be used
     * @param urgency    urgency of all migrations
     * @param atOnce     most migrations at once; 0 for any number
     * @param reservable whether the migrations reserve bandwidth
     */
    SchedulingProblem of(List<String> vms, Set<Technique> techniques, Urgency urgency, int atOnce, boolean reservable) {
        Map<String, Candidate> candidates = new HashMap<>();
        List<MoveRequest> moves = new ArrayList<>();
        for (String vm : vms) {
            candidates.put(vm, candidate(vm, techniques));
            moves.add(move(vm, driver.vm(vm).traffic(), urgency));
        }
        PolicyEstimator estimator = new PolicyEstimator(
                (vm, host) -> candidates.get(vm), SloPolicies.shipped().get(POLICY));
        return new SchedulingProblem(
                        moves,
                        Topology.of(network(from, reservable), network(to, reservable)),
                        ScheduleInput.with(ScheduleTerms.WITHOUT_NOVA, 1, estimator))
                .withLimits(List.of(new HostLimit(from.profile().name(), atOnce, 0)));
    }

    private Candidate candidate(String vm, Set<Technique> techniques) {
        VmProfile profile = driver.profile(vm);
        var situation = new MigrationDecider.Situation(
                profile,
                from.expected(),
                to.expected(),
                LATENCY_MILLIS,
                from.capabilities().limits(),
                from.capabilities().reservedMemory(),
                0,
                null);
        EnumSet<Technique> others = EnumSet.allOf(Technique.class);
        others.removeAll(techniques);
        TechniqueAvailability availability =
                driver.techniques(vm, destination.hostDriver()).without(others, "is not measured here");
        return new Candidate(
                MigrationDecider.candidates(situation, ReservationRule.NOTHING, LIMIT, null)
                        .unreserved(),
                availability,
                new RecalibratedPredictor(ShippedModel.predictor(), from::recalibration));
    }

    private MoveRequest move(String vm, Traffic traffic, Urgency urgency) {
        KeptBandwidth kept = ReservationTerms.DEFAULT.kept(from.profile().link());
        Bandwidth busier = traffic.in().compareTo(traffic.out()) > 0 ? traffic.in() : traffic.out();
        return new MoveRequest(vm, from.profile().name(), List.of(to.profile().name()))
                .withUrgency(urgency)
                .withTraffic(traffic, busier.min(kept.lower()), busier.min(kept.upper()));
    }

    private static HostNetwork network(HostStatus host, boolean reservable) {
        return ScheduleInput.network(host.expected(), Racks.NONE, ReservationTerms.DEFAULT, reservable, Traffic.NONE);
    }
}
