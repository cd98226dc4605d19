package io.github.godwit.training.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.hostapi.DatasetRow;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.profile.Accelerator;
import io.github.godwit.model.proxy.PerformanceProxy;
import io.github.godwit.model.proxy.ProxyTrust;
import io.github.godwit.model.proxy.TechniqueFamily;
import io.github.godwit.training.TrainingRows;
import io.github.godwit.training.data.RowFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProxyEvaluationTest {

    /** A migration of 10 s of a guest that used half a core, with this PERF and this share of its run time less overhead. */
    private static DatasetRow row(String technique, double perf, double proxy) throws IOException {
        ObjectNode tree = WireJson.mapper().valueToTree(TrainingRows.real(1).get(0));
        ObjectNode outcome = (ObjectNode) tree.get("outcome");
        outcome.put("technique", technique);
        ((ObjectNode) outcome.get("measured")).put("PERF", perf);
        ((ObjectNode) outcome.at("/migrationCase/vm")).put("vcpuUse", 0.5);
        ObjectNode times = outcome.putObject("vcpuTimes").put("seconds", 10);
        times.putObject("source")
                .put("runSeconds", 5 * proxy * PerformanceProxy.OVERHEAD)
                .put("waitSeconds", 1)
                .put("guestSeconds", 0);
        return WireJson.mapper().treeToValue(tree, DatasetRow.class);
    }

    private static ProxyScore recorded(ProxyEvaluation evaluation, String techniques) {
        return evaluation.scores().stream()
                .filter(score -> score.proxy() == PerformanceProxy.RECORDED
                        && score.techniques().equals(techniques))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void eachFamilyAndAllTogetherAreComparedWithTheHeartbeats() throws IOException {
        List<DatasetRow> rows = new ArrayList<>();
        // Each proxy is a tenth of PERF too high.
        rows.add(row("PRE", 0.22, 0.242));
        rows.add(row("PRE", 0.20, 0.220));
        rows.add(row("MULTIFD", 0.50, 0.550));
        rows.add(row("POST", 0.40, 0.440));

        ProxyEvaluation evaluation = ProxyEvaluation.of(rows).get(0);

        assertThat(evaluation.accelerator()).isEqualTo(Accelerator.KVM);
        assertThat(evaluation.rows()).isEqualTo(4);
        assertThat(recorded(evaluation, "PRE_COPY").rows()).isEqualTo(3);
        assertThat(recorded(evaluation, "POST_COPY").correlation()).isNaN();
        ProxyScore all = recorded(evaluation, "all");
        assertThat(all.correlation()).isCloseTo(1, within(1e-9));
        assertThat(all.gmre()).isCloseTo(0.1, within(1e-9));
        assertThat(all.bias()).isCloseTo(0.1 * 1.32 / 4, within(1e-9));
    }

    @Test
    void theRankCorrelationIsSpearmans() throws IOException {
        // Ranks 1 2 3 4 against 2 1 3 4: 1 - 6 · 2 / (4 · 15) = 0.8.
        List<DatasetRow> rows =
                List.of(row("PRE", 0.1, 0.4), row("PRE", 0.2, 0.3), row("PRE", 0.3, 0.5), row("PRE", 0.4, 0.6));
        assertThat(recorded(ProxyEvaluation.of(rows).get(0), "all").correlation())
                .isCloseTo(0.8, within(1e-9));
    }

    /** What is learned is decided by these figures, so that they must be those of the shipped rows. */
    @Test
    void theFiguresThatTheProgramTrustsAreThoseOfTheShippedRows() throws IOException {
        ProxyEvaluation shipped = ProxyEvaluation.of(RowFiles.read(Path.of("data/perf-proxy.jsonl.gz")))
                .get(0);
        assertThat(ProxyTrust.MEASURED).hasSize(TechniqueFamily.values().length);
        for (ProxyTrust trust : ProxyTrust.MEASURED) {
            ProxyScore score = recorded(shipped, trust.family().name());
            assertThat(trust.accelerator()).isEqualTo(shipped.accelerator());
            assertThat(trust.rows()).isEqualTo(score.rows());
            assertThat(trust.correlation()).isCloseTo(score.correlation(), within(5e-4));
            assertThat(trust.gmre()).isCloseTo(score.gmre(), within(5e-4));
        }
    }

    @Test
    void rowsOfOlderReleasesAndOfGuestsWithoutHeartbeatsAreLeftOut() throws IOException {
        DatasetRow older = TrainingRows.real(1).get(0);
        ObjectNode silent = WireJson.mapper().valueToTree(row("PRE", 0.5, 0.5));
        ((ObjectNode) silent.at("/outcome/measured")).remove("PERF");

        assertThat(ProxyEvaluation.of(List.of(older, WireJson.mapper().treeToValue(silent, DatasetRow.class))))
                .isEmpty();
    }
}
