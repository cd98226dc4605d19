package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.service.TestClient.Answer;
import io.github.godwit.strategy.store.Database;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** While the service is switched off, nothing begins; what runs continues. */
@Timeout(60)
class SwitchTest {

    private static final String SWITCH = "/godwit/v1/switch";
    private static final String TWO = """
            [{"action_type":"migrate","resource_id":"db","input_parameters":{"resource_id":"db","migration_type":"live",
              "source_node":"h1","destination_node":"h2","technique":"PRE"}},
             {"action_type":"migrate","resource_id":"web","input_parameters":{"resource_id":"web","migration_type":"live",
              "source_node":"h1","destination_node":"h2","technique":"PRE"}}]""";

    private final FakeCloud cloud = FakeCloud.hot();
    private final TestDatabase database = TestDatabase.memory();
    private final TestService service = new TestService(database.open(), cloud, "one");

    @AfterEach
    void close() {
        cloud.release();
        service.close();
    }

    private Answer off(String reason) {
        return service.call("PUT", SWITCH, "{\"enabled\":false,\"reason\":\"%s\"}".formatted(reason), "latest");
    }

    private Answer on() {
        return service.call("PUT", SWITCH, "{\"enabled\":true}", "latest");
    }

    /** Creates an audit whose plan migrates db and then web. */
    private String plan(boolean start) {
        String audit = service.post("/v1/audits", """
                        {"audit_type":"ONESHOT","goal":"unclassified","strategy":"actuator","auto_trigger":%s,
                         "parameters":{"actions":%s}}""".formatted(start, TWO)).text("uuid");
        service.untilState("/v1/audits/" + audit, "SUCCEEDED");
        JsonNode plans =
                service.get("/v1/action_plans?audit_uuid=" + audit).body().path("action_plans");
        return "/v1/action_plans/" + plans.path(0).path("uuid").asText();
    }

    private void untilMessage(String path, String words) {
        service.until(path, body -> body.path("status_message").asText().contains(words));
    }

    @Test
    void aRunningMigrationContinuesAndTheNextOneWaits() {
        cloud.holding();
        String plan = plan(true);
        service.until(plan, body -> !cloud.started().isEmpty());
        off("the network in row 7 is repaired");
        untilMessage(plan, "Waiting: no action begins. The service is switched off since");

        cloud.release();
        service.until(
                "/v1/actions?action_plan_uuid=" + plan.substring(plan.lastIndexOf('/') + 1),
                body -> body.path("actions").toString().contains("SUCCEEDED"));

        assertThat(cloud.started()).extracting(order -> order.vm()).containsExactly("db");
        assertThat(service.get(plan).text("state")).isEqualTo("ONGOING");

        on();
        service.untilState(plan, "SUCCEEDED");
        assertThat(cloud.started()).hasSize(2);
        assertThat(service.get(plan).text("status_message")).doesNotContain("switched off");
    }

    @Test
    void noPlanStartsAndNoSingleMigration() {
        off("the network in row 7 is repaired");
        String plan = plan(true);

        assertThat(service.get(plan).text("state")).isEqualTo("RECOMMENDED");
        assertThat(service.get(plan).text("status_message")).contains("Not started. The service is switched off since");
        Answer start = service.post(plan + "/start", "{}");
        assertThat(start.status()).isEqualTo(409);
        assertThat(start.fault()).contains("the network in row 7 is repaired. Switch it on first");
        Answer single = service.call("PUT", "/godwit/v1/hosts/h1/migrations/" + UUID.randomUUID(), """
                {"resource_id":"db","migration_type":"live","source_node":"h1","destination_node":"h2","technique":"PRE"}""", "latest");
        assertThat(single.status()).isEqualTo(409);
        assertThat(single.fault()).contains("the network in row 7 is repaired");
        assertThat(cloud.started()).isEmpty();
    }

    @Test
    void noAuditRunsByItself() {
        off("we check it first");
        String audit = "/v1/audits/" + service.post("/v1/audits", """
                                {"audit_type":"CONTINUOUS","interval":"1","goal":"server_consolidation",
                                 "strategy":"consolidation","parameters":{"samples":1}}""").text("uuid");
        untilMessage(audit, "Not run. The service is switched off since");
        assertThat(service.get("/v1/action_plans").body().path("action_plans")).isEmpty();
    }

    @Test
    void anAlarmTriggersNoAudit() {
        String audit = service.post("/v1/audits", """
                        {"audit_type":"EVENT","goal":"unclassified","strategy":"actuator","parameters":{"actions":%s}}""".formatted(TWO)).text("uuid");
        off("we check it first");

        Answer alarm = service.post("/v1/webhooks/" + audit, "{}");

        assertThat(alarm.status()).isEqualTo(409);
        assertThat(alarm.fault()).contains("we check it first");
        assertThat(service.get("/v1/audits/" + audit).text("state")).isEqualTo("PENDING");
    }

    @Test
    void theStateIsShownAndNeedsAReason() {
        assertThat(service.get(SWITCH).body())
                .hasToString("{\"enabled\":true,\"reason\":null,\"changed_at\":null,\"observe\":false}");
        assertThat(off(" ").status()).isEqualTo(400);
        assertThat(service.call("PUT", SWITCH, "{\"enabled\":\"no\"}", "latest").status())
                .isEqualTo(400);
        assertThat(service.get("/healthz").text("switch")).isEqualTo("on");

        assertThat(off("because").text("reason")).isEqualTo("because");

        assertThat(service.get("/healthz").text("switch")).isEqualTo("off");
        assertThat(service.get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void anotherInstanceObeysItToo() {
        off("because");
        try (Database shared = database.open();
                TestService other = new TestService(shared, cloud, "two")) {
            assertThat(other.get(SWITCH).text("reason")).isEqualTo("because");
        }
    }
}
