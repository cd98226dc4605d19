package io.github.godwit.lab.experiment.scatter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.lab.experiment.scatter.ScatterFaultExperiment.Case;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.MemorySize;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ScatterFaultExperimentTest {

    private static JsonNode json(String text) throws Exception {
        return WireJson.mapper().readTree(text);
    }

    @Test
    void theFaultWithTheFewestRunsIsNext() throws Exception {
        assertThat(ScatterFaultExperiment.next(json("{}"), 1))
                .contains(new Case(ScatterFault.INTERMEDIARY_DIES, false));
        JsonNode two = json("""
                {"runs": [{"case": "intermediary-dies-before"}, {"case": "intermediary-dies-after"}]}""");
        assertThat(ScatterFaultExperiment.next(two, 1)).contains(new Case(ScatterFault.INTERMEDIARY_FULL, false));
        assertThat(ScatterFaultExperiment.next(two, 0)).isEmpty();
    }

    @Test
    void aVmOnBothSidesHasNotSurvived() throws Exception {
        assertThat(ScatterFaultExperiment.isSurvived(json("""
                {"caused": true, "memory_intact": true, "hosts": 1}"""))).isTrue();
        assertThat(ScatterFaultExperiment.isSurvived(json("""
                {"caused": true, "memory_intact": true, "hosts": 2}"""))).isFalse();
        assertThat(ScatterFaultExperiment.isSurvived(json("""
                {"caused": false, "memory_intact": true, "hosts": 1}"""))).isFalse();
    }

    @Test
    void severalCombinationsHaveAFileEach() {
        assertThat(ScatterSweep.beside(Path.of("out", "s.json"), Bandwidth.parse("300mbit"), MemorySize.parse("512M")))
                .isEqualTo(Path.of("out", "s-300mbit-512M.json"));
    }
}
