package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.select.TechniqueRule.Scope;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.cluster.HostDriverCloud;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operator's policy reaches the host drivers, and every migration of a plan follows it. */
@Timeout(60)
class OperatorPoliciesTest {

    private static final String POLICY = """
            {"name":"%s","scenario":"hotspot","slos":[],"optimize":{"TT":1},"postcopy":"never"}""";

    private final FakeHostDriver h1 =
            new FakeHostDriver("host h1 cpu=0.9\n vm a memory=256 cores=0.8\n vm b memory=256");
    private final FakeHostDriver h2 = new FakeHostDriver("host h2 cpu=0.1\n");
    private final TestService service = new TestService(
            TestDatabase.memory().open(), new HostDriverCloud(List.of(h1.client(), h2.client())), "test");

    @AfterEach
    void close() {
        service.close();
        h1.close();
        h2.close();
    }

    private void put(String name) {
        assertThat(service.call("PUT", "/godwit/v1/policies/" + name, POLICY.formatted(name), "latest")
                        .status())
                .isEqualTo(200);
    }

    private static String migrate(String vm, String policy) {
        return """
                {"action_type":"migrate","resource_id":"%s","input_parameters":{"migration_type":"live",\
                "source_node":"h1","destination_node":"h2","policy":"%s"}}""".formatted(vm, policy);
    }

    private JsonNode planEnds(String actions) {
        String audit = service.post("/v1/audits", """
                        {"goal":"unclassified","strategy":"actuator","audit_type":"ONESHOT","auto_trigger":true,
                         "parameters":{"on_failure":"rollback","actions":[%s]}}""".formatted(actions)).text("uuid");
        return service.until(
                        "/v1/action_plans?audit_uuid=" + audit,
                        body -> List.of("SUCCEEDED", "FAILED")
                                .contains(body.at("/action_plans/0/state").asText()))
                .at("/action_plans/0");
    }

    @Test
    void aChangeReachesEveryHostDriverAtOnce() throws Exception {
        put("mine");

        assertThat(h1.awaitPolicies().policy("mine").title()).isEqualTo("policy mine (version 1)");
        assertThat(h2.awaitPolicies().policy("mine").techniques().postcopy()).hasToString("never");

        service.call("PUT", "/godwit/v1/technique_rules/project/p1", "{\"allow\":[\"PRE\"]}", "latest");
        service.until("/godwit/v1/policies", body -> !h1.policies().rules().isEmpty());
        assertThat(h1.policies().rules().get(0).scope()).isEqualTo(Scope.PROJECT);
        assertThat(service.get("/godwit/v1/hosts/h1").body().path("policy_set").asInt())
                .isEqualTo(2);
    }

    @Test
    void aPlanByTheOperatorsOwnPolicySucceeds() {
        put("mine");

        assertThat(planEnds(migrate("a", "mine")).path("state").asText()).isEqualTo("SUCCEEDED");

        assertThat(h1.requests())
                .singleElement()
                .satisfies(request -> assertThat(request.policyBody().title()).isEqualTo("policy mine (version 1)"));
    }

    @Test
    void aPlannedMigrationRecordsTheVersionThatItWasDecidedBy() {
        put("mine");
        JsonNode prediction = service.post(
                        "/godwit/v1/predictions", "{\"vm\":\"a\",\"destination\":\"h2\",\"policy\":\"mine\"}")
                .body();
        assertThat(prediction.findValue("policy_version").asInt()).isEqualTo(1);
        assertThat(prediction.toString()).contains("is forbidden by policy mine (version 1) (postcopy: never)");
        assertThat(h1.requests()).isEmpty();
    }
}
