package io.github.godwit.model;

import io.github.godwit.model.analytic.AnalyticPredictor;
import java.util.EnumMap;
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

/** One migration case × all techniques: the time of a decision. */
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

    private final Predictor predictor = new AnalyticPredictor();
    private final TechniqueSelector selector = new TechniqueSelector();
    private final SloPolicy policy = SloPolicies.shipped().get("ensure_performance");
    private MigrationCase migration;

    @Setup
    public void setUp() {
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
        Map<Technique, Prediction> predictions = new EnumMap<>(Technique.class);
        for (Technique technique : Technique.values()) {
            predictions.put(technique, predictor.predict(migration, technique));
        }
        return predictions;
    }

    @Benchmark
    public Choice predictAndSelect() {
        return selector.select(TechniqueAvailability.all(), predictAllTechniques(), policy);
    }

    private static HostProfile host(String name, Bandwidth link) {
        return new HostProfile(name, 8, 0.3, MemorySize.parse("64G"), 0.2, link, Traffic.NONE);
    }
}
