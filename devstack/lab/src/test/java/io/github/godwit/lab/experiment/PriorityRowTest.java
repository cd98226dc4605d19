package io.github.godwit.lab.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.model.reserve.BandwidthReservation.Urgency;
import io.github.godwit.model.schedule.HostLimit;
import io.github.godwit.model.schedule.HostNetwork;
import io.github.godwit.model.schedule.Interval;
import io.github.godwit.model.schedule.MigrationEstimate;
import io.github.godwit.model.schedule.MigrationEstimator;
import io.github.godwit.model.schedule.MoveRequest;
import io.github.godwit.model.schedule.SchedulingProblem;
import io.github.godwit.model.schedule.TechniqueEstimates;
import io.github.godwit.model.schedule.Topology;
import io.github.godwit.model.schedule.solve.RuleSchedulers;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PriorityRowTest {

    private static final Bandwidth LINK = Bandwidth.parse("200mbit");

    private final ObjectNode results = new ObjectMapper().createObjectNode();

    private static ObjectNode run(double seconds, double downtime, double kept) {
        return new ObjectMapper()
                .createObjectNode()
                .put("total_s", seconds)
                .put("downtime_ms", downtime)
                .put("kept", kept);
    }

    private Optional<PriorityRow> next(int times) {
        return Rounds.next(PriorityRow.all(), row -> row.runs(results), times);
    }

    /** Five directions of hosts, four of VMs, three urgencies, three techniques. */
    @Test
    void theRowsAreThoseOfTheTables() {
        List<PriorityRow> rows = PriorityRow.all();
        assertThat(rows).hasSize(5 * 4 * 3 * 3).doesNotHaveDuplicates();
        assertThat(rows.subList(0, 3))
                .containsExactly(
                        new PriorityRow("idle-idle", "in-in", Urgency.HIGH, "PRE"),
                        new PriorityRow("idle-idle", "in-in", Urgency.HIGH, "POST"),
                        new PriorityRow("idle-idle", "in-in", Urgency.HIGH, "traffic_aware"));
        PriorityRow row = new PriorityRow("in-out", "out-in", Urgency.LOW, "PRE");
        assertThat(rows).contains(row);
        assertThat(row.source()).isEqualTo("in");
        assertThat(row.destination()).isEqualTo("out");
        assertThat(row.names()).containsExactly("out1", "in2");
    }

    @Test
    void rowsHaveMediansAndContinue() {
        PriorityRow first = next(1).orElseThrow();
        first.add(results, run(10, 30, 0.5));
        PriorityRow second = next(2).orElseThrow();
        assertThat(second).isEqualTo(PriorityRow.all().get(1));
        second.add(results, run(7, 5, 1));
        first.add(results, run(20, 50, 0.7));
        assertThat(results.path("rows")).hasSize(2);
        assertThat(results.at("/rows/0/direction").asText()).isEqualTo("idle-idle");
        assertThat(results.at("/rows/0/urgency").asText()).isEqualTo("high");
        assertThat(results.at("/rows/0/total_s").asDouble()).isEqualTo(15);
        assertThat(results.at("/rows/0/downtime_ms").asDouble()).isEqualTo(40);
        assertThat(results.at("/rows/0/kept").asDouble()).isEqualTo(0.6);
    }

    @Test
    void aFailedRunHasNoTimeAndIsNotRepeated() {
        PriorityRow row = PriorityRow.all().get(0);
        row.add(results, new ObjectMapper().createObjectNode().put("failed", "It did not converge."));
        assertThat(results.at("/rows/0").has("total_s")).isFalse();
        assertThat(next(1)).contains(PriorityRow.all().get(1));
        row.add(results, run(9, 1, 1));
        assertThat(results.at("/rows/0/total_s").asDouble()).isEqualTo(9);
    }

    @Test
    void plainMigrationsAreSerialOnlyAtLowUrgency() {
        List<String> vms = List.of("in1", "out2");
        assertThat(PriorityGroup.plain(vms, Technique.PRE_COPY, Urgency.LOW))
                .containsExactly(
                        new PriorityGroup(Map.of("in1", Technique.PRE_COPY)),
                        new PriorityGroup(Map.of("out2", Technique.PRE_COPY)));
        for (Urgency urgency : List.of(Urgency.HIGH, Urgency.MEDIUM)) {
            assertThat(PriorityGroup.plain(vms, Technique.POST_COPY, urgency))
                    .containsExactly(
                            new PriorityGroup(Map.of("in1", Technique.POST_COPY, "out2", Technique.POST_COPY)));
        }
    }

    @Test
    void theGroupsOfAScheduleFollowEachOther() throws InterruptedException {
        MigrationEstimator estimator = (vm, to, share) -> TechniqueEstimates.only(new MigrationEstimate(
                Technique.PRE_COPY, Interval.exactly(800 / Math.max(1, share.megabits())), 10, 100, 0));
        SchedulingProblem problem = new SchedulingProblem(
                List.of(new MoveRequest("a", "h1", List.of("h2")), new MoveRequest("b", "h1", List.of("h2"))),
                Topology.of(HostNetwork.idle("h1", LINK), HostNetwork.idle("h2", LINK)),
                estimator);
        assertThat(PriorityGroup.of(RuleSchedulers.atOnce(Technique.PRE_COPY).schedule(problem)))
                .containsExactly(new PriorityGroup(Map.of("a", Technique.PRE_COPY, "b", Technique.PRE_COPY)));
        assertThat(PriorityGroup.of(RuleSchedulers.atOnce(Technique.PRE_COPY)
                        .schedule(problem.withLimits(List.of(new HostLimit("h1", 1, 0))))))
                .containsExactly(
                        new PriorityGroup(Map.of("a", Technique.PRE_COPY)),
                        new PriorityGroup(Map.of("b", Technique.PRE_COPY)));
    }
}
