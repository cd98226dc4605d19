package io.github.godwit.model;

import io.github.godwit.model.analytic.AnalyticPredictor;
import io.github.godwit.model.forest.ShippedModel;
import java.util.List;
import java.util.Map;
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

/** One migration case × all techniques: the time of a decision, by the shipped model and by the simulation alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(1)
public class DecisionBenchmark {

    /** Memory MiB, touched MiB, working set MiB, dirtied MiB/s, link Mbit/s. */
    @Param({"256,64,64,60,1000", "512,256,256,200,1000", "1024,512,256,100,1000", "8192,6144,1024,400,10000"})
    public String workload;

    @Param({"SHIPPED", "SIMULATION"})
    public String by;

    private Predictor predictor;
    private static final List<Technique> TECHNIQUES = List.of(Technique.values());

    private final TechniqueSelector selector = new TechniqueSelector();
    private final SloPolicy policy = SloPolicies.shipped().get("ensure_performance");
    private MigrationCase migration;

    @Setup
    public void setUp() {
        predictor = by.equals("SHIPPED") ? ShippedModel.predictor() : new AnalyticPredictor();
        double[] values = java.util.Arrays.stream(workload.split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        VmProfile vm = Vms.writing((long) values[0], (long) values[1], values[2], values[3], true);
        Bandwidth link = Bandwidth.ofMegabits(values[4]);
        HostProfile source = host("h1", link);
        HostProfile destination = host("h2", link);
        migration = new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0.1), MigrationTuning.forVm(vm));
    }

    @Benchmark
    public Map<Technique, Prediction> predictAllTechniques() {
        return predictor.predictAll(migration, TECHNIQUES);
    }

    @Benchmark
    public Choice predictAndSelect() {
        return selector.select(TechniqueAvailability.all(), predictAllTechniques(), policy);
    }

    private static HostProfile host(String name, Bandwidth link) {
        return new HostProfile(name, 8, 0.3, MemorySize.parse("64G"), 0.2, link, Traffic.NONE);
    }
}
