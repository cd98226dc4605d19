package io.github.godwit.model;

import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.PredictionTable;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.predict.forest.ShippedModel;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.select.Choice;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueSelector;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.util.List;
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

/** The time of a decision among all techniques for one migration case, with the shipped model and with the simulation alone. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(1)
public class DecisionBenchmark {

    private static final List<Technique> TECHNIQUES = List.of(Technique.values());

    /** A power of two. Cases alternate, so that caches and branch prediction do not see the same case twice in a row. */
    private static final int CASES = 32;

    @Param({"SHIPPED", "SIMULATION"})
    public String by;

    private final TechniqueSelector selector = new TechniqueSelector();
    private final SloPolicy policy = SloPolicies.shipped().get("ensure_performance");
    private final MigrationCase[] cases = new MigrationCase[CASES];
    private final PredictionTable table = new PredictionTable();
    private Predictor predictor;
    private int next;

    @Setup
    public void setUp() {
        predictor = by.equals("SHIPPED") ? ShippedModel.predictor() : new AnalyticPredictor();
        Random random = new Random(1);
        for (int found = 0; found < CASES; ) {
            MigrationCase drawn = draw(random);
            if (by.equals("SIMULATION")
                    || predictor.predict(drawn, Technique.PRE_COPY).basis() == Basis.LEARNED) {
                cases[found++] = drawn;
            }
        }
    }

    /** A random case similar to those in the lab, which the models were trained on. */
    private static MigrationCase draw(Random random) {
        long touched = 16 + random.nextInt(300);
        long memory = Math.min(1024, touched + 40 + random.nextInt(400));
        double set = touched * (0.1 + 0.5 * random.nextDouble());
        VmProfile vm = Vms.writing(memory, touched, set, Math.exp(5 * random.nextDouble()), random.nextBoolean());
        Bandwidth link = Bandwidth.ofMegabits(Math.round(200 * Math.exp(3 * random.nextDouble())));
        HostProfile source = host("h1", link, 0.5 + 0.4 * random.nextDouble());
        HostProfile destination = host("h2", link, 0.5 * random.nextDouble());
        return new MigrationCase(
                vm, source, destination, LinkProfile.between(source, destination, 0.07), MigrationTuning.forVm(vm));
    }

    private static HostProfile host(String name, Bandwidth link, double load) {
        return new HostProfile(name, 1, load, MemorySize.parse("24G"), 0.01, link, Traffic.NONE);
    }

    @Benchmark
    public PredictionTable predictAllTechniques() {
        next = (next + 1) & (CASES - 1);
        predictor.predict(cases[next], TECHNIQUES, table);
        return table;
    }

    /** A complete decision. */
    @Benchmark
    public Technique decide() {
        return selector.choose(TechniqueAvailability.all(), predictAllTechniques(), policy);
    }

    /** A complete decision with a reason for each technique. */
    @Benchmark
    public Choice decideAndExplain() {
        return selector.select(
                TechniqueAvailability.all(), predictAllTechniques().predictions(), policy);
    }
}
