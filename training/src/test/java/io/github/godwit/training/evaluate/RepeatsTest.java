package io.github.godwit.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.analytic.AnalyticPredictor;
import io.github.godwit.training.data.RowFiles;
import io.github.godwit.training.data.Sample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RepeatsTest {

    private DatasetRow real;

    @BeforeEach
    void takeOneThatEnded() throws IOException {
        real = RowFiles.read(Path.of("data/lab.jsonl.gz")).stream()
                .filter(row -> row.undisturbed() && row.outcome().converged())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theMeanOfEqualMigrationsIsOffByTheirDifferenceOverRootTwo() throws IOException {
        Repeats repeats = repeats(row("v-a", "PRE", 100), row("v-b", "PRE", 700), row("v-a2", "PRE", 200));

        assertThat(repeats.migrations()).isEqualTo(2);
        assertThat(repeats.gmre().get(Metric.TOTAL_TIME)).isCloseTo(100 / Math.sqrt(2) / 150, within(1e-9));
    }

    @Test
    void everyOneOfMoreThanTwoRunsCounts() throws IOException {
        Repeats repeats = repeats(row("v-a", "PRE", 100), row("v-a2", "PRE", 200), row("v-a3", "PRE", 600));

        assertThat(repeats.migrations()).isEqualTo(3);
        assertThat(repeats.gmre().get(Metric.TOTAL_TIME))
                .as("their distances from their mean, 300, are 200, 100 and 300")
                .isCloseTo(Math.sqrt(1.5) * Math.cbrt(200.0 * 100 * 300) / 300, within(1e-9));
    }

    @Test
    void onlyMigrationsByTheSameTechniqueAreEqual() throws IOException {
        Repeats repeats = repeats(row("v-a", "PRE", 100), row("v-a2", "POST", 200));

        assertThat(repeats.migrations()).isZero();
        assertThat(repeats.gmre()).isEmpty();
    }

    private DatasetRow row(String caseId, String technique, double totalTime) throws IOException {
        ObjectNode tree = WireJson.mapper().valueToTree(real);
        tree.put("caseId", caseId).put("id", caseId + "-" + technique);
        ObjectNode outcome = (ObjectNode) tree.get("outcome");
        outcome.put("technique", technique);
        ((ObjectNode) outcome.get("measured")).put("TT", totalTime);
        return WireJson.mapper().treeToValue(tree, DatasetRow.class);
    }

    private static Repeats repeats(DatasetRow... rows) {
        return Repeats.of(Sample.of(List.of(rows), new AnalyticPredictor()));
    }
}
