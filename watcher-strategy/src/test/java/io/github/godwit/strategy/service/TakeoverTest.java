package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.MoveOrder;
import io.github.godwit.strategy.rest.NoAuth;
import org.junit.jupiter.api.Test;

/** An instance stops during a plan, and another instance continues the plan. */
class TakeoverTest {

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    /** Host names of 255 letters, the longest of the DNS, that begin alike. */
    private static final String REGION =
            "Controller-1." + ("a".repeat(62) + ".").repeat(3) + "Cloud.Example.Org.".repeat(2);

    private static final String FIRST = name("first");
    private static final String SECOND = name("second");

    private static String name(String end) {
        return REGION + "x".repeat(255 - REGION.length() - 1 - end.length()) + "." + end;
    }

    @Test
    void everyNameOfAnInstanceFitsTheSchedulersColumnAndStaysApartFromOthers() {
        assertThat(FIRST).hasSize(255);
        assertThat(Tasks.schedulerName(FIRST)).hasSize(50).isNotEqualTo(Tasks.schedulerName(SECOND));
        assertThat(Tasks.schedulerName("Compute1.example.org")).isEqualTo("Compute1.example.org");
        assertThat(Tasks.schedulerName("x".repeat(50))).isEqualTo("x".repeat(50));
    }

    private static TestService instance(TestDatabase database, FakeCloud cloud, String name) {
        return new TestService(database.open(), cloud, name, NoAuth.LOOPBACK_ONLY, TestService.SHORT_LIVED);
    }

    @Test
    void anotherInstanceContinuesAPlanAndRepeatsNothing() {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("""
                        host h1 cores=4 memory=8192
                          vm a
                          vm b
                          vm c
                        host h2 cores=4 memory=8192
                        """)).holding();
        TestDatabase database = database();
        String plan;
        try (TestService first = instance(database, cloud, FIRST)) {
            String audit = first.post("/v1/audits", """
                            {"goal":"cluster_maintaining","strategy":"maintenance","audit_type":"ONESHOT",\
                            "parameters":{"maintenance_node":"h1"},"auto_trigger":true}""").text("uuid");
            first.until(
                    "/v1/action_plans?audit_uuid=" + audit,
                    body -> body.path("action_plans").findValuesAsText("state").contains("ONGOING"));
            plan = first.get("/v1/action_plans?audit_uuid=" + audit)
                    .body()
                    .path("action_plans")
                    .get(0)
                    .path("uuid")
                    .asText();
            first.until(
                    "/v1/actions?action_plan_uuid=" + plan,
                    body -> body.path("actions").findValuesAsText("state").contains("ONGOING"));
        }
        cloud.release();
        try (TestService second = instance(database, cloud, SECOND)) {
            second.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(second.get("/v1/action_plans/" + plan).text("hostname")).isEqualTo(SECOND);
        }
        assertThat(cloud.started().stream().map(MoveOrder::vm)).containsExactlyInAnyOrder("a", "b", "c");
    }
}
