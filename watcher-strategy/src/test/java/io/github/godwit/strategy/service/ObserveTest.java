package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.MigrationDecision;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.hostapi.ObservedChoice;
import io.github.godwit.hostapi.Outcome;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.predict.Prediction;
import io.github.godwit.model.predict.Prediction.Estimate;
import io.github.godwit.model.select.SloPolicies;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.strategy.cluster.Cloud.ServerMove;
import io.github.godwit.strategy.service.TestClient.Answer;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A service that only observes makes plans, starts none, and reports what Godwit would have done about the migrations of others. */
@Timeout(60)
class ObserveTest {

    private static final String ONE = """
            [{"action_type":"migrate","resource_id":"db","input_parameters":{"resource_id":"db","migration_type":"live",
              "source_node":"h1","destination_node":"h2","technique":"PRE"}}]""";

    private final FakeCloud cloud = FakeCloud.hot().ended(observed()).ended(failed());
    private final TestDatabase database = TestDatabase.memory();
    private final TestService service = TestService.observing(database.open(), cloud);

    @AfterEach
    void close() {
        service.close();
    }

    private static Prediction predicted(double totalMillis, double downtimeMillis) {
        Map<Metric, Estimate> estimates = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            estimates.put(metric, new Estimate(1, 0.5, 1.5));
        }
        estimates.put(Metric.TOTAL_TIME, new Estimate(totalMillis, totalMillis / 2, totalMillis * 2));
        estimates.put(Metric.DOWNTIME, new Estimate(downtimeMillis, downtimeMillis / 2, downtimeMillis * 2));
        return new Prediction(estimates, true);
    }

    private static MigrationDecision choice() {
        return new MigrationDecision(
                Technique.POST_COPY_PREEMPT, predicted(6_000, 30), "it is best", List.of(), Instant.now(), 0);
    }

    private static MigrationStatus status(String id, Phase phase, String error, Outcome outcome) {
        return new MigrationStatus(
                id, "db", "h1", "h2", Technique.PRE_COPY, null, phase, null, error, choice(), outcome, 0, null, true);
    }

    /** A pre-copy of Nova that took 21 s and broke the SLO on downtime. */
    static MigrationStatus observed() {
        Map<Metric, Double> measured = Map.of(Metric.TOTAL_TIME, 21_000.0, Metric.DOWNTIME, 1_200.0);
        return status(
                "m-1",
                Phase.COMPLETED,
                null,
                new Outcome(
                                "m-1",
                                Instant.now(),
                                null,
                                Technique.PRE_COPY,
                                "ensure_performance",
                                "",
                                predicted(20_000, 1_000),
                                measured,
                                -1,
                                -1,
                                true,
                                3,
                                0,
                                Bandwidth.ZERO,
                                List.of(),
                                0,
                                0,
                                null,
                                null,
                                null)
                        .withObserved(ObservedChoice.of(
                                choice(),
                                false,
                                Optional.of(SloPolicies.shipped().get("ensure_performance")),
                                measured)));
    }

    private static MigrationStatus failed() {
        return status("m-2", Phase.FAILED, "libvirt ended the migration: connection reset", null);
    }

    private String plan() {
        String audit = service.post("/v1/audits", """
                        {"audit_type":"ONESHOT","goal":"unclassified","strategy":"actuator","auto_trigger":true,
                         "parameters":{"actions":%s}}""".formatted(ONE)).text("uuid");
        service.untilState("/v1/audits/" + audit, "SUCCEEDED");
        return "/v1/action_plans/"
                + service.get("/v1/action_plans?audit_uuid=" + audit)
                        .body()
                        .at("/action_plans/0/uuid")
                        .asText();
    }

    @Test
    void plansAreMadeAndNeverStarted() {
        String plan = plan();

        assertThat(service.get(plan).text("state")).isEqualTo("RECOMMENDED");
        assertThat(service.get(plan).text("status_message"))
                .contains("Not started. The service only observes (observe is true in its configuration).");
        for (Answer start : List.of(
                service.post(plan + "/start", "{}"),
                service.patch(plan, "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"PENDING\"}]"))) {
            assertThat(start.status()).isEqualTo(409);
            assertThat(start.fault()).contains("only observes", "Set observe to false on all its instances");
        }
        Answer single = service.call("PUT", "/godwit/v1/hosts/h1/migrations/" + UUID.randomUUID(), """
                {"resource_id":"db","migration_type":"live","source_node":"h1","destination_node":"h2","technique":"PRE"}""", "latest");
        assertThat(single.status()).isEqualTo(409);
        assertThat(cloud.started()).isEmpty();
        assertThat(service.get(plan).text("state")).isEqualTo("RECOMMENDED");
    }

    @Test
    void auditsRunByThemselves() {
        String audit = service.post("/v1/audits", """
                        {"audit_type":"CONTINUOUS","interval":"1","goal":"server_consolidation",
                         "strategy":"consolidation","parameters":{"samples":1,"hot_samples":1}}""").text("uuid");

        service.until(
                "/v1/action_plans?audit_uuid=" + audit,
                body -> !body.path("action_plans").isEmpty());
    }

    @Test
    void itIsSeenEverywhere() {
        assertThat(service.get("/godwit/v1/switch").body().path("observe").asBoolean())
                .isTrue();
        assertThat(service.get("/healthz").body().path("observe").asBoolean()).isTrue();
        assertThat(service.text("/metrics")).contains("godwit_observes 1.0");
    }

    @Test
    void migrationsThatNovaWasAskedForAreReported() {
        cloud.moved(new ServerMove("web", "h1", "h2", false, Instant.now()));

        JsonNode report = service.until(
                "/godwit/v1/report?since=1h", body -> body.path("observed").asInt() == 2);

        assertThat(report.at("/all/migrations").asInt()).isEqualTo(1);
        assertThat(report.at("/all/chosen/POST-PREEMPT").asInt()).isEqualTo(1);
        assertThat(report.at("/all/saved/TT/sum").asDouble()).isEqualTo(15_000);
        assertThat(report.at("/all/saved/TT/low").isNull()).isTrue();
        assertThat(report.at("/all/violations_avoided/sum").asInt()).isEqualTo(1);
        assertThat(report.at("/techniques/0/technique").asText()).isEqualTo("PRE");
        assertThat(report.path("not_compared")).hasToString("{\"failed\":1,\"missing\":1}");
        assertThat(report.at("/uncompared").findValuesAsText("vm")).containsExactlyInAnyOrder("db", "web");
        assertThat(report.path("notes").path(0).asText()).startsWith("1 migrations are too few");
    }

    @Test
    void aTimeThatIsNotUnderstoodIsRefused() {
        Answer answer = service.get("/godwit/v1/report?since=week");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.fault()).contains("since. Value: 'week'. Write a number and m, h, d or w, such as 7d");
    }
}
