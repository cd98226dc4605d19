package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MigrationEstimate;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.NetworkLink;
import io.github.godwit.model.schedule.Schedule;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.TechniqueEstimates;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.schedule.solve.Schedulers;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OrderExperimentTest {

    private static final Bandwidth LINK = Bandwidth.parse("200mbit");
    private static final Bandwidth HALF = Bandwidth.parse("100mbit");

    private final ObjectMapper json = new ObjectMapper();

    /** Two VMs of 100 MB by post-copy; one sends and the other receives half of the link. */
    private static Schedule schedule() throws InterruptedException {
        MigrationEstimator estimator = (vm, to, share) -> TechniqueEstimates.only(new MigrationEstimate(
                Technique.POST_COPY, Interval.exactly(800 / Math.max(1, share.megabits())), 10, 100, 0));
        NetworkLink out = new NetworkLink("h1 out", LINK, HALF, Bandwidth.ZERO, Bandwidth.ZERO, false);
        NetworkLink in = new NetworkLink("h1 in", LINK, HALF, Bandwidth.ZERO, Bandwidth.ZERO, false);
        return Schedulers.standard()
                .schedule(new SchedulingProblem(
                                List.of(
                                        new MoveRequest("NI", "h1", List.of("h2"))
                                                .withTraffic(
                                                        new Traffic(HALF, Bandwidth.ZERO),
                                                        Bandwidth.ZERO,
                                                        Bandwidth.ZERO),
                                        new MoveRequest("NO", "h1", List.of("h2"))
                                                .withTraffic(
                                                        new Traffic(Bandwidth.ZERO, HALF),
                                                        Bandwidth.ZERO,
                                                        Bandwidth.ZERO)),
                                Topology.of(new HostNetwork("h1", "", out, in), HostNetwork.idle("h2", LINK)),
                                estimator)
                        .withLimits(List.of(new HostLimit("h1", 1, 0))));
    }

    @Test
    void theRunsOfAnOrderAreRead() throws IOException {
        assertThat(OrderExperiment.runs(json.readTree("""
                        {"orders":[{"order":"C-M","tmt_s":8,"runs":[7,9]},{"order":"M-C","runs":[5]}]}""")))
                .isEqualTo(Map.of("C-M", List.of(7.0, 9.0), "M-C", List.of(5.0)));
    }

    @Test
    void theOrderOfTheSchedulerIsRecordedWithItsPrediction() throws InterruptedException {
        ObjectNode results = json.createObjectNode();
        assertThat(OrderExperiment.ours(results)).isEmpty();
        OrderExperiment.decided(results, schedule());
        assertThat(OrderExperiment.ours(results)).contains("NO-NI");
        assertThat(results.at("/godwit/predicted_s")).hasSize(2);
    }

    @Test
    void theSchedulerIsAskedBeforeNothingIsLeft() throws IOException {
        List<String> orders = List.of("a-b", "b-a");
        String measured = "\"orders\":[{\"order\":\"a-b\",\"runs\":[1,1,1,1]},{\"order\":\"b-a\",\"runs\":[2,2,2,2]}]";
        assertThat(OrderExperiment.next(orders, json.readTree("{%s}".formatted(measured))))
                .isPresent();
        assertThat(OrderExperiment.next(
                        orders, json.readTree("{\"godwit\":{\"order\":\"a-b\"},%s}".formatted(measured))))
                .isEmpty();
    }

    @Test
    void itsRunsAreThoseOfTheSameOrder() throws InterruptedException {
        ObjectNode results = json.createObjectNode();
        OrderExperiment.decided(results, schedule());
        OrderExperiment.add(results, "NI-NO", 30);
        OrderExperiment.add(results, "NO-NI", 20);
        OrderExperiment.add(results, "NO-NI", 10);
        assertThat(results.at("/orders")).hasSize(2);
        assertThat(results.at("/orders/1/tmt_s").asDouble()).isEqualTo(15);
        assertThat(results.at("/godwit/order").asText()).isEqualTo("NO-NI");
        assertThat(results.at("/godwit/tmt_s").asDouble()).isEqualTo(15);
        assertThat(results.at("/godwit/runs").toString()).isEqualTo("[20.0,10.0]");
        assertThat(results.at("/godwit/predicted_s")).hasSize(2);
    }
}
