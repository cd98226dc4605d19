package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.lab.LabException;
import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.lab.run.ServiceAudit.Promise;
import io.github.godwit.model.schedule.Interval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainExperimentTest {

    private final ObjectMapper json = new ObjectMapper();

    @TempDir
    Path directory;

    private static ClientReport client(String workload, double before, double during, double downtime) {
        return new ClientReport(workload, "", during, before, during, before, downtime, downtime, 0);
    }

    /**
     * In 20 s Redis loses 10 operations a second, 200; nginx gains some; iperf loses 6 of 10 Mbit/s, 120 Mbit, which is more than
     * half; build was down for more than a second.
     */
    @Test
    void lossesAreWhatTheClientsWouldHaveGot() {
        DrainLosses losses = DrainLosses.of(
                List.of(
                        client("redis", 50, 40, 400),
                        client("nginx", 50, 51, 999),
                        client("iperf-out", 10, 4, 20),
                        client("build", 5, 5, 1200)),
                20);
        assertThat(losses).isEqualTo(new DrainLosses(2, 200, 120));
    }

    @Test
    void theWayWithTheFewestRunsIsNext() throws IOException {
        assertThat(DrainExperiment.next(json.createObjectNode(), 1)).contains(DrainMode.SERIAL_PRE);
        assertThat(DrainExperiment.next(
                        json.readTree(
                                "{\"serial_pre\":{\"runs\":[{},{}]},\"at_once\":{\"runs\":[{}]},\"godwit\":{\"runs\":[{}]}}"),
                        2))
                .contains(DrainMode.AT_ONCE);
        assertThat(DrainExperiment.next(
                        json.readTree(
                                "{\"serial_pre\":{\"runs\":[{}]},\"at_once\":{\"runs\":[{}]},\"godwit\":{\"runs\":[{}]}}"),
                        1))
                .isEmpty();
    }

    @Test
    void theGuestsOfADrainHaveDifferentNames() {
        assertThat(DrainExperiment.members(8).stream().map(Crowd.Member::name))
                .containsExactly("redis1", "web1", "out1", "in1", "redis2", "web2", "out2", "in2");
    }

    @Test
    void resultsAreKeptAndContinued() throws IOException {
        Path file = directory.resolve("drain.json");
        ObjectNode setup = json.createObjectNode().put("vms", 8);
        ResultFile first = new ResultFile(file, setup);
        first.content().withObject("/at_once").withArray("runs").addObject().put("empty_s", 12.5);
        first.save();

        ResultFile again = new ResultFile(file, setup);
        assertThat(again.content().at("/at_once/runs/0/empty_s").asDouble()).isEqualTo(12.5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResultFile(file, json.createObjectNode().put("vms", 4)))
                .withMessageContaining("has results with vms 8, not 4");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void summariesAreMedians() throws IOException {
        assertThat(ResultFile.median(json.readTree("[{\"empty_s\":9},{\"empty_s\":30},{\"empty_s\":10}]"), "empty_s"))
                .isEqualTo(10);
        assertThat(ResultFile.median(json.readTree("[4, 1]"))).isEqualTo(2.5);
        assertThat(ResultFile.median(json.createArrayNode())).isZero();
    }

    /** Three runs: 12 s within 10 to 14, 15 s within 14 to 20, 21 s not within 8 to 20. The medians are those of each number. */
    @Test
    void predictionsAreSummarizedBesideWhatWasMeasured() {
        ObjectNode godwit = json.createObjectNode();
        ArrayNode runs = godwit.putArray("runs");
        double[][] measured = {{18, 6, 10, 14}, {20, 5, 14, 20}, {22, 1, 8, 20}};
        for (double[] each : measured) {
            ObjectNode run = runs.addObject().put("empty_s", each[0]);
            Promise promise = new Promise(new Interval(each[2], each[2], each[3]), (long) (each[1] * 1e9));
            DrainExperiment.predicted(run, promise, 0);
        }
        DrainExperiment.summarize(godwit);
        assertThat(godwit.at("/runs/0/plan_s").asDouble()).isEqualTo(12);
        assertThat(godwit.path("empty_s").asDouble()).isEqualTo(20);
        assertThat(godwit.path("plan_s").asDouble()).isEqualTo(15);
        assertThat(godwit.path("predicted_s").toString()).isEqualTo("[10.0,20.0]");
        assertThat(godwit.path("predictions_right").asInt()).isEqualTo(2);
    }

    @Test
    void waysWithoutAPredictionHaveNone() {
        ObjectNode serial = json.createObjectNode();
        serial.putArray("runs").addObject().put("empty_s", 3).put("violations", 1);
        DrainExperiment.summarize(serial);
        assertThat(serial.path("violations").asInt()).isEqualTo(1);
        assertThat(serial.has("predicted_s")).isFalse();
        assertThat(serial.has("plan_s")).isFalse();
    }

    /** A program that was killed while it wrote leaves half a draft beside the last complete file. */
    @Test
    void halfADraftChangesNothing() throws IOException {
        Path file = directory.resolve("drain.json");
        ObjectNode setup = json.createObjectNode().put("experiment", "drain");
        ResultFile first = new ResultFile(file, setup);
        first.content().withObject("/serial_pre").withArray("runs").addObject().put("empty_s", 12.5);
        first.save();
        Files.writeString(directory.resolve("drain.json.new"), "{\"serial_pre\":{\"runs\":[{\"empty_s\":");

        ResultFile again = new ResultFile(file, setup);
        assertThat(DrainExperiment.next(again.content(), 1)).contains(DrainMode.AT_ONCE);
        again.content().withObject("/at_once").withArray("runs").addObject().put("empty_s", 7);
        again.save();
        assertThat(DrainExperiment.next(new ResultFile(file, setup).content(), 1))
                .contains(DrainMode.GODWIT);
    }

    @Test
    void aFileThatIsCutOffIsNotReplaced() throws IOException {
        Path file = directory.resolve("drain.json");
        Files.writeString(file, "{\"serial_pre\":{\"runs\":[");
        assertThatThrownBy(() -> new ResultFile(file, json.createObjectNode()))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("has no results of an experiment");
        assertThat(file).hasContent("{\"serial_pre\":{\"runs\":[");
    }
}
