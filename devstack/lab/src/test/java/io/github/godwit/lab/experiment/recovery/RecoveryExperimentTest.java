package io.github.godwit.lab.experiment.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.lab.experiment.ExperimentTables;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecoveryExperimentTest {

    private static final String RESULTS = """
            {"experiment": "recovery", "hypervisor": "QEMU", "technique": "POST", "link": "200mbit", "accelerator": "KVM",
             "recovered": 2, "of": 3, "runs": [
              {"phase": "COMPLETED", "recovered": 1, "attempts": 2, "paused_s": 4.0, "memory_intact": true},
              {"phase": "COMPLETED", "recovered": 1, "attempts": 3, "paused_s": 9.0, "memory_intact": true},
              {"phase": "FAILED", "recovered": 0, "attempts": 1, "paused_s": 5.0, "error": "no route"}]}""";

    @ParameterizedTest
    @CsvSource({
        "COMPLETED, 1, true, true",
        "COMPLETED, 0, true, false",
        "COMPLETED, 1, false, false",
        "FAILED, 1, true, false"
    })
    void aRunCountsIfItBrokeArrivedAndLostNothing(String phase, int recovered, boolean intact, boolean counts) {
        JsonNode run = new ObjectMapper()
                .createObjectNode()
                .put("phase", phase)
                .put("recovered", recovered)
                .put("memory_intact", intact);

        assertThat(RecoveryExperiment.isRecovered(run)).isEqualTo(counts);
    }

    @Test
    void aFileIsContinuedWhereItStopped() throws Exception {
        JsonNode results = new ObjectMapper().readTree(RESULTS);
        assertThat(RecoveryExperiment.next(results, 20)).contains(3);
        assertThat(RecoveryExperiment.next(results, 3)).isEmpty();
    }

    @Test
    void theTableHasCountsAndPauses(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("recovery.json"), RESULTS);

        assertThat(ExperimentTables.of(file))
                .hasValueSatisfying(table -> assertThat(table.lines().toList())
                        .satisfiesExactly(
                                caption ->
                                        assertThat(caption).isEqualTo("Medians, links of 200mbit, guests under KVM:"),
                                header -> assertThat(header).startsWith("hypervisor  technique  cuts"),
                                row -> assertThat(row.split(" +"))
                                        .containsExactly("QEMU", "POST", "3", "2", "5.0", "9.0", "2")));
    }
}
