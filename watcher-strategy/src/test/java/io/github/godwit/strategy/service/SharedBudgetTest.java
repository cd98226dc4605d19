package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two instances that share a database run a plan each, from the same host, whose operator permits two migrations at a time. */
class SharedBudgetTest {

    private static final String PLAN = """
            {"goal":"cluster_maintaining","strategy":"maintenance","audit_type":"ONESHOT","force":true,\
            "parameters":{"maintenance_node":"h1"},\
            "scope":[{"compute":[{"exclude":[{"instances":[%s]}]}]}]}""";

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    private static String recommended(TestService service, String... without) {
        List<String> excluded = Stream.of(without).map("{\"uuid\":\"%s\"}"::formatted).toList();
        TestClient.Answer created = service.post("/v1/audits", PLAN.formatted(String.join(",", excluded)));
        assertThat(created.status()).as("%s", created.body()).isEqualTo(201);
        String audit = created.text("uuid");
        return service.until(
                        "/v1/action_plans?audit_uuid=" + audit,
                        body -> body.path("action_plans").size() == 1)
                .path("action_plans")
                .get(0)
                .path("uuid")
                .asText();
    }

    private static long ongoing(TestService service) {
        JsonNode actions = service.get("/v1/actions?limit=100").body().path("actions");
        return actions.findValuesAsText("state").stream()
                .filter("ONGOING"::equals)
                .count();
    }

    @Test
    void bothTogetherBeginNoMoreThanTheHostPermits() {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("""
                        host h1 cores=8 memory=16384
                          vm a
                          vm b
                          vm c
                          vm d
                          vm e
                          vm f
                        host h2 cores=8 memory=16384
                        host h3 cores=8 memory=16384
                        """)).concurrent(2).holding();
        TestDatabase database = database();
        try (TestService first = new TestService(database.open(), cloud, "first");
                TestService second = new TestService(database.open(), cloud, "second")) {
            String one = recommended(first, "d", "e", "f");
            String other = recommended(second, "a", "b", "c");
            first.post("/v1/action_plans/%s/start".formatted(one), "{}");
            second.post("/v1/action_plans/%s/start".formatted(other), "{}");
            first.untilState("/v1/action_plans/" + one, "ONGOING");
            first.untilState("/v1/action_plans/" + other, "ONGOING");
            first.until("/v1/actions?limit=100", body -> ongoing(first) == 2);

            int asked = cloud.rulesAsked();
            first.until("/healthz", body -> cloud.rulesAsked() > asked + 6); // both plans have tried to begin more
            assertThat(ongoing(first)).isEqualTo(2);

            cloud.release();
            first.untilState("/v1/action_plans/" + one, "SUCCEEDED");
            first.untilState("/v1/action_plans/" + other, "SUCCEEDED");
        }
        assertThat(cloud.started()).hasSize(6);
        assertThat(cloud.mostAtOnce()).isEqualTo(2);
    }
}
