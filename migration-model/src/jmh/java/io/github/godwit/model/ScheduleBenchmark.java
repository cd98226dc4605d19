package io.github.godwit.model;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.PolicyEstimator;
import io.github.godwit.model.schedule.PolicyEstimator.Candidate;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of a whole schedule, with every prediction that it needs: the simulation for the search, the shipped model for finalists. Eight
 * VMs leave one host for three; two hundred leave a third of a hundred hosts for the others.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgsAppend = "-XX:ActiveProcessorCount=1")
@Threads(1)
public class ScheduleBenchmark {

    /** Moves, hosts that are drained, all hosts, destinations of each move. */
    @Param({"8-1-4-3", "200-33-100-5"})
    public String size;

    private SchedulingProblem problem;

    @Setup
    public void setUp() {
        problem = draw(size, new Random(1));
    }

    /** A schedule, with nothing remembered from the one before. */
    @Benchmark
    public Schedule schedule() throws InterruptedException {
        return Schedulers.standard().schedule(problem);
    }

    static SchedulingProblem draw(String size, Random random) {
        String[] numbers = size.split("-", -1);
        int moves = Integer.parseInt(numbers[0]);
        int drained = Integer.parseInt(numbers[1]);
        int hosts = Integer.parseInt(numbers[2]);
        int candidates = Integer.parseInt(numbers[3]);
        List<HostNetwork> networks = new ArrayList<>();
        List<HostLimit> limits = new ArrayList<>();
        Map<String, HostProfile> profiles = new HashMap<>();
        for (int i = 0; i < hosts; i++) {
            HostProfile host = host("h" + i, random);
            profiles.put(host.name(), host);
            networks.add(new HostNetwork(host.name(), "", link(host, "out"), link(host, "in")));
            limits.add(new HostLimit(host.name(), 4, 0));
        }
        List<MoveRequest> requests = new ArrayList<>();
        Map<String, VmProfile> vms = new HashMap<>();
        Map<String, String> sources = new HashMap<>();
        for (int i = 0; i < moves; i++) {
            String vm = "vm" + i;
            String source = "h" + i % drained;
            List<String> to = random.ints(drained, hosts)
                    .distinct()
                    .limit(candidates)
                    .mapToObj(host -> "h" + host)
                    .toList();
            vms.put(vm, vm(random));
            sources.put(vm, source);
            requests.add(new MoveRequest(vm, source, to).withUrgency(Urgency.MEDIUM));
        }
        return new SchedulingProblem(
                        requests,
                        new Topology(networks, List.of(), List.of()),
                        estimator(vms, sources, profiles, new AnalyticPredictor()))
                .withLimits(limits)
                .withFinalists(estimator(vms, sources, profiles, ShippedModel.predictor()));
    }

    private static MigrationEstimator estimator(
            Map<String, VmProfile> vms,
            Map<String, String> sources,
            Map<String, HostProfile> hosts,
            Predictor predictor) {
        return new PolicyEstimator(
                (vm, destination) -> {
                    HostProfile from = hosts.get(sources.get(vm));
                    HostProfile to = hosts.get(destination);
                    VmProfile profile = vms.get(vm);
                    return new Candidate(
                            new MigrationCase(
                                    profile,
                                    from,
                                    to,
                                    LinkProfile.between(from, to, 0.2),
                                    MigrationTuning.forVm(profile)),
                            TechniqueAvailability.all(),
                            predictor);
                },
                SloPolicies.shipped().get("ensure_performance"));
    }

    private static VmProfile vm(Random random) {
        long touched = 64 + random.nextInt(1500);
        double set = touched * (0.05 + 0.4 * random.nextDouble());
        return Vms.writing(touched + 200L, touched, set, Math.exp(5 * random.nextDouble()), false);
    }

    private static HostProfile host(String name, Random random) {
        double out = random.nextInt(3) == 0 ? 400 * random.nextDouble() : 0;
        return new HostProfile(
                name,
                16,
                0.2 + 0.5 * random.nextDouble(),
                MemorySize.parse("64G"),
                0.4,
                Bandwidth.ofMegabits(1000),
                new Traffic(Bandwidth.ofMegabits(out / 2), Bandwidth.ofMegabits(out)));
    }

    private static NetworkLink link(HostProfile host, String direction) {
        Bandwidth traffic =
                direction.equals("out") ? host.traffic().out() : host.traffic().in();
        return new NetworkLink(host.name() + " " + direction, host.link(), traffic);
    }
}
