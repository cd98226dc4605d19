package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.lab.client.ClientReport;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    @Test
    void theReservationWithTheFewestRunsIsNext() throws IOException {
        assertThat(ReservationExperiment.next(json.createObjectNode(), 1))
                .contains(new ReservationExperiment.Turn(Technique.PRE_COPY, "none"));
        assertThat(ReservationExperiment.next(
                        json.readTree(
                                "{\"runs\":{\"PRE\":{\"none\":[{}],\"fixed55\":[{}],\"fixed75\":[{}],\"fixed95\":[{}]},"
                                        + "\"POST\":{\"none\":[{}],\"fixed55\":[{}],\"fixed75\":[{}]}}}"),
                        1))
                .contains(new ReservationExperiment.Turn(Technique.POST_COPY, "fixed95"));
    }

    @Test
    void theRunsOfAnOrderAreRead() throws IOException {
        assertThat(
                        OrderExperiment.runs(
                                json.readTree(
                                        "{\"orders\":[{\"order\":\"C-M\",\"tmt_s\":8,\"runs\":[7,9]},{\"order\":\"M-C\",\"runs\":[5]}]}")))
                .isEqualTo(Map.of("C-M", List.of(7.0, 9.0), "M-C", List.of(5.0)));
    }
}
