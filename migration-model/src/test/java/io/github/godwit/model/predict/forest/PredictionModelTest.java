package io.github.godwit.model.predict.forest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.model.Vms;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.MigrationCase;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Basis;
import io.github.godwit.model.predict.Predictor;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.technique.Technique;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A model holds together, and its file holds all of it. */
class PredictionModelTest {

    private static final PredictionModel DRAWN = DrawnModels.ofPre(DrawnModels.around(1), 2, 8);

    private static final Predictor SIMULATION = new AnalyticPredictor();

    @Test
    void a_tree_that_is_not_there_is_refused_for_a_metric_and_for_whether_a_migration_ends() {
        int nodes = DRAWN.trees().size();
        assertThat(withMetrics(ensemble(nodes - 1)).techniques()).containsExactly(Technique.PRE_COPY);
        assertThatThrownBy(() -> withMetrics(ensemble(nodes)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("There is no tree at node %d".formatted(nodes));
        assertThatThrownBy(() -> withMetrics(ensemble(-1))).hasMessageContaining("There is no tree at node -1");
        assertThat(withEnds(ensemble(0)).converged()).containsOnlyKeys(Technique.PRE_COPY);
        assertThatThrownBy(() -> withEnds(ensemble(nodes)))
                .hasMessageContaining("There is no tree at node %d".formatted(nodes));
    }

    @Test
    void a_technique_that_lacks_a_metric_is_refused() {
        Map<Metric, Ensemble> some = new EnumMap<>(Metric.class);
        some.put(Metric.TOTAL_TIME, ensemble(0));
        assertThatThrownBy(() -> model(some, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has only the metrics [TT]");
    }

    @Test
    void an_ensemble_without_trees_or_with_a_negative_interval_is_refused() {
        assertThatThrownBy(() -> new Ensemble(new int[0], false, false, 0, 1, 0))
                .hasMessageContaining("trees");
        assertThatThrownBy(() -> new Ensemble(new int[1], false, false, 0, -1, 0))
                .hasMessageContaining("quantile");
        assertThatThrownBy(() -> new Ensemble(new int[1], false, false, 0, 1, -1))
                .hasMessageContaining("spreadFloor");
    }

    @Test
    void a_file_holds_every_number_of_every_ensemble() throws IOException {
        Ensemble boosted = new Ensemble(new int[] {3, 0}, true, false, -1.5, 2.25, 0.125);
        Ensemble ends = new Ensemble(new int[] {3}, false, true, 0.5, 0, 0);
        Map<Metric, Ensemble> metrics = new EnumMap<>(DRAWN.ensembles().get(Technique.PRE_COPY));
        metrics.put(Metric.CPU, boosted);

        PredictionModel read = read(written(model(metrics, Map.of(Technique.PRE_COPY, ends))));

        assertThat(read.ensembles().get(Technique.PRE_COPY).get(Metric.CPU))
                .usingRecursiveComparison()
                .isEqualTo(boosted);
        assertThat(read.ensembles().get(Technique.PRE_COPY).get(Metric.MEMORY))
                .usingRecursiveComparison()
                .isEqualTo(metrics.get(Metric.MEMORY));
        assertThat(read.converged()).containsOnlyKeys(Technique.PRE_COPY);
        assertThat(read.converged().get(Technique.PRE_COPY))
                .usingRecursiveComparison()
                .isEqualTo(ends);
        assertThat(read.domain()).usingRecursiveComparison().isEqualTo(DRAWN.domain());
        assertThat(read.trees()).usingRecursiveComparison().isEqualTo(DRAWN.trees());
    }

    @Test
    void all_has_reached_the_stream_when_it_is_written() throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelFormat.write(DRAWN, new BufferedOutputStream(file, 1 << 20));

        assertThat(file.toByteArray()).isEqualTo(written(DRAWN));
    }

    @Test
    void a_model_that_is_cut_off_is_told_from_one_that_was_changed() throws IOException {
        byte[] whole = written(DRAWN);
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        byte[] changed = whole.clone();
        changed[whole.length - 1] ^= 1;

        assertThatThrownBy(() -> read(cut)).hasMessageContaining("its checksum cannot be checked");
        assertThatThrownBy(() -> read(changed)).hasMessageContaining("its checksum does not match");
    }

    @Test
    void a_fingerprint_is_the_sha_256_in_hexadecimal() {
        // FIPS 180-2, appendix B.1
        assertThat(ModelFormat.fingerprint("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void a_case_on_the_edge_of_where_training_cases_lie_is_familiar() {
        HostProfile host = DrawnModels.CASE.destination();
        MigrationCase other = new MigrationCase(
                Vms.writing(512, 128, 64, 60, true),
                DrawnModels.CASE.source(),
                host,
                DrawnModels.CASE.link(),
                DrawnModels.CASE.tuning());
        double distance = new ForestPredictor(DRAWN, SIMULATION).distance(other);
        assertThat(distance).isBetween(0.5, 5.0);

        assertThat(basis(other, distance)).isEqualTo(Basis.LEARNED);
        assertThat(basis(other, distance * 0.999)).isEqualTo(Basis.UNFAMILIAR);
    }

    private static Basis basis(MigrationCase migration, double radius) {
        return new ForestPredictor(DrawnModels.ofPre(DrawnModels.around(radius), 2, 8), SIMULATION)
                .predict(migration, Technique.PRE_COPY)
                .basis();
    }

    @Test
    void where_no_trees_tell_whether_it_ends_the_simulation_does() {
        ForestPredictor forest = new ForestPredictor(DRAWN, SIMULATION);
        Prediction learned = forest.predict(DrawnModels.CASE, Technique.PRE_COPY);

        assertThat(learned.endProbability())
                .isEqualTo(
                        SIMULATION.predict(DrawnModels.CASE, Technique.PRE_COPY).endProbability())
                .isPositive();
        assertThat(forest.model()).isSameAs(DRAWN);
    }

    private static Ensemble ensemble(int root) {
        return new Ensemble(new int[] {0, root}, false, true, 0, 2, 0);
    }

    private static PredictionModel withMetrics(Ensemble ensemble) {
        Map<Metric, Ensemble> metrics = new EnumMap<>(DRAWN.ensembles().get(Technique.PRE_COPY));
        metrics.put(Metric.DOWNTIME, ensemble);
        return model(metrics, Map.of());
    }

    private static PredictionModel withEnds(Ensemble ensemble) {
        return model(DRAWN.ensembles().get(Technique.PRE_COPY), Map.of(Technique.PRE_COPY, ensemble));
    }

    private static PredictionModel model(Map<Metric, Ensemble> metrics, Map<Technique, Ensemble> ends) {
        return new PredictionModel(
                DRAWN.about(), DRAWN.domain(), DRAWN.trees(), Map.of(Technique.PRE_COPY, metrics), ends);
    }

    private static byte[] written(PredictionModel model) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ModelFormat.write(model, out);
        return out.toByteArray();
    }

    private static PredictionModel read(byte[] bytes) throws IOException {
        return ModelFormat.read(new ByteArrayInputStream(bytes));
    }
}
