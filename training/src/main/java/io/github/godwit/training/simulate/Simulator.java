package io.github.godwit.training.simulate;

import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.forest.CaseVector;
import io.github.godwit.model.predict.forest.TargetScale;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.LinkProfile;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.training.data.Sample;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;

/**
 * Generates rows for cases that were not measured: the VM of one real case between the hosts of another. The values of a technique
 * are the prediction of the simulation plus its error for that technique in a similar real case. All metrics of a row take the
 * errors of the same real row, so their correlation is kept.
 */
public final class Simulator {

    /** Number of the most similar real rows that an error is drawn from. */
    private static final int NEIGHBOURS = 8;

    /** Key in {@code versions} that marks a row as simulated. */
    public static final String MARK = "simulated";

    private final List<Sample> real;
    private final Predictor simulation;
    private final Map<Technique, List<Sample>> byTechnique = new EnumMap<>(Technique.class);
    private final double[] scales = new double[CaseVector.CASE_FEATURES];

    /**
     * @param real       real rows, the source of cases and errors
     * @param simulation the simulation
     */
    public Simulator(List<Sample> real, Predictor simulation) {
        this.real = List.copyOf(real);
        this.simulation = simulation;
        real.forEach(sample -> byTechnique
                .computeIfAbsent(sample.technique(), any -> new ArrayList<>())
                .add(sample));
        for (int i = 0; i < scales.length; i++) {
            int place = i;
            double mean = real.stream()
                    .mapToDouble(sample -> sample.vector().get(place))
                    .average()
                    .orElse(0);
            scales[i] = Math.max(
                    0.05,
                    Math.sqrt(real.stream()
                            .mapToDouble(sample -> Math.pow(sample.vector().get(place) - mean, 2))
                            .average()
                            .orElse(1)));
        }
    }

    /** Generates a number of rows, with several techniques for each case. */
    public List<DatasetRow> rows(int count, long seed) {
        Random random = new Random(seed);
        List<Technique> techniques = new ArrayList<>(new TreeSet<>(byTechnique.keySet()));
        List<DatasetRow> rows = new ArrayList<>();
        for (int number = 0; rows.size() < count; number++) {
            Sample vm = real.get(random.nextInt(real.size()));
            MigrationCase migration = mixed(vm, real.get(random.nextInt(real.size())), random);
            String caseId = "sim%d-%06d".formatted(seed, number);
            for (Technique technique : techniques) {
                boolean possible =
                        !technique.traits().needsDirtyRing() || migration.vm().dirtyRing();
                if (possible && rows.size() < count) {
                    rows.add(row(caseId, vm.row().family(), migration, technique, seed, random));
                }
            }
        }
        return rows;
    }

    /** The VM of one case between the hosts of another, with links up to a quarter slower or faster. */
    private static MigrationCase mixed(Sample one, Sample other, Random random) {
        VmProfile vm = one.row().outcome().migrationCase().vm();
        MigrationCase hosts = other.row().outcome().migrationCase();
        double factor = Math.pow(1.25, 2 * random.nextDouble() - 1);
        LinkProfile link = hosts.link();
        LinkProfile scaled = new LinkProfile(
                scaled(link.capacity(), factor),
                scaled(link.available(), factor),
                scaled(link.reserved(), factor),
                link.latencyMillis());
        return new MigrationCase(
                vm,
                withLink(hosts.source(), factor),
                withLink(hosts.destination(), factor),
                scaled,
                MigrationTuning.forVm(vm)
                        .withDowntimeLimit(hosts.tuning().downtimeLimit())
                        .withTimeLimit(hosts.tuning().timeLimit()));
    }

    private static HostProfile withLink(HostProfile host, double factor) {
        return host.with(scaled(host.link(), factor), host.traffic());
    }

    private static Bandwidth scaled(Bandwidth rate, double factor) {
        return new Bandwidth(Math.round(rate.bitsPerSecond() * factor));
    }

    private DatasetRow row(
            String caseId, String family, MigrationCase migration, Technique technique, long seed, Random random) {
        Prediction simulated = simulation.predict(migration, technique);
        Sample like = neighbour(migration, simulated, technique, random);
        Map<Metric, Double> measured = off(simulated, like);
        Outcome outcome = new Outcome(
                caseId + "-" + technique,
                Instant.EPOCH,
                migration,
                technique,
                null,
                "simulated, with the errors of " + like.row().id(),
                simulated,
                measured,
                measured.getOrDefault(Metric.DOWNTIME, -1.0),
                -1,
                simulated.converges(),
                0,
                0,
                migration.link().reserved(),
                List.of(MARK),
                null,
                0,
                null,
                null,
                null);
        return new DatasetRow(
                outcome.migrationId(), caseId, family, "", seed, true, null, Map.of(MARK, "true"), outcome);
    }

    /** The prediction of the simulation plus its errors for another row. */
    private static Map<Metric, Double> off(Prediction simulated, Sample like) {
        Map<Metric, Double> measured = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            if (metric == Metric.DOWNTIME && !simulated.converges()) {
                continue;
            }
            double error = like.has(metric) ? like.encoded(metric) - like.simulatedEncoded(metric) : 0;
            double encoded = TargetScale.encode(metric, simulated.value(metric)) + error;
            measured.put(metric, TargetScale.decode(metric, encoded));
        }
        return measured;
    }

    /** One of the most similar real rows of a technique; a converging case takes only rows that converged. */
    private Sample neighbour(MigrationCase migration, Prediction simulated, Technique technique, Random random) {
        double[] vector = CaseVector.of(migration, technique, simulated);
        List<Sample> nearest = byTechnique.get(technique).stream()
                .filter(sample -> sample.converged() == simulated.converges())
                .sorted(Comparator.comparingDouble(sample -> distance(sample, vector)))
                .limit(NEIGHBOURS)
                .toList();
        List<Sample> choice = nearest.isEmpty() ? byTechnique.get(technique) : nearest;
        return choice.get(random.nextInt(choice.size()));
    }

    private double distance(Sample sample, double[] vector) {
        double sum = 0;
        for (int i = 0; i < scales.length; i++) {
            double difference = (sample.vector().get(i) - vector[i]) / scales[i];
            sum += difference * difference;
        }
        return sum;
    }
}
