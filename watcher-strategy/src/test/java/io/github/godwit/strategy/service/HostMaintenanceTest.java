package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.cluster.MoveOrder;
import org.junit.jupiter.api.Test;

/** Watcher's strategies host_maintenance and zone_migration, over REST, with servers that run and servers that are stopped. */
class HostMaintenanceTest {

    private static final ClusterModel THREE = DrawnCluster.draw("""
            host h1 cores=4 memory=8192 cpu=0.2 used=0.2
              vm a memory=1024 resident=512 cores=0.4
              vm b memory=1024 resident=512 cores=0.4
            host h2 cores=4 memory=8192 cpu=0.3 used=0.3
              vm c memory=1024 resident=512 cores=0.4
            host h3 cores=4 memory=8192 cpu=0.1 used=0.1
            """);

    private static TestService service(FakeCloud cloud) {
        return new TestService(TestDatabase.memory().open(), cloud, "test");
    }

    private static String plan(TestService service, String goal, String strategy, String parameters, String more) {
        String audit = service.post(
                        "/v1/audits",
                        "{\"goal\":\"%s\",\"strategy\":\"%s\",\"audit_type\":\"ONESHOT\",\"parameters\":{%s}%s}"
                                .formatted(goal, strategy, parameters, more))
                .text("uuid");
        return service.until(
                        "/v1/action_plans?audit_uuid=" + audit,
                        body -> body.path("action_plans").size() == 1)
                .path("action_plans")
                .get(0)
                .path("uuid")
                .asText();
    }

    private static String maintenance(TestService service, String parameters, String more) {
        return plan(
                service, "cluster_maintaining", "host_maintenance", "\"maintenance_node\":\"h1\"" + parameters, more);
    }

    private static JsonNode actions(TestService service, String plan) {
        return service.get("/v1/actions/detail?action_plan_uuid=" + plan).body().path("actions");
    }

    private static String verdict(TestService service, String plan) {
        return service.get("/v1/action_plans/" + plan).text("status_message");
    }

    @Test
    void theHostIsDisabledRunningServersLeaveLiveAndStoppedOnesCold() {
        FakeNovaCloud cloud = new FakeNovaCloud(THREE).stopped("s", "h1").stopped("t", "h2");
        try (TestService service = service(cloud)) {
            String plan = maintenance(service, "", ",\"auto_trigger\":true");
            JsonNode ended = service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(actions(service, plan).findValuesAsText("action_type"))
                    .containsExactly("change_nova_service_state", "migrate", "migrate", "migrate");
            assertThat(cloud.hostService("h1").disabledReason()).isEqualTo("watcher_maintaining");
            assertThat(cloud.started()).extracting(MoveOrder::vm).containsExactlyInAnyOrder("a", "b");
            assertThat(cloud.requests()).containsExactly("migrate s to null", "confirm s");
            assertThat(ended.path("status_message").asText())
                    .startsWith("All 2 VMs leave h1. Server my-s (s) is SHUTOFF and is migrated cold.");
            assertThat(ended.path("efficacy_indicators").findValuesAsText("value"))
                    .containsExactly("3.0", "0.0");
        }
    }

    @Test
    void withoutLiveMigrationEveryServerIsMigratedColdToTheBackupHost() {
        FakeNovaCloud cloud = new FakeNovaCloud(THREE).stopped("s", "h1");
        try (TestService service = service(cloud)) {
            String plan = maintenance(
                    service, ",\"backup_node\":\"h2\",\"disable_live_migration\":true", ",\"auto_trigger\":true");
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(cloud.started()).isEmpty();
            assertThat(cloud.requests())
                    .containsExactlyInAnyOrder(
                            "migrate a to h2",
                            "migrate b to h2",
                            "migrate s to h2",
                            "confirm a",
                            "confirm b",
                            "confirm s");
        }
    }

    @Test
    void withoutAnyMigrationRunningServersAreStopped() {
        FakeNovaCloud cloud = new FakeNovaCloud(THREE).stopped("s", "h1");
        try (TestService service = service(cloud)) {
            String parameters = ",\"disable_live_migration\":true,\"disable_cold_migration\":true";
            String plan = maintenance(service, parameters, "");
            assertThat(verdict(service, plan))
                    .isEqualTo("Server my-a (a) is stopped. Server my-b (b) is stopped. Server my-s (s) stays: it is"
                            + " SHUTOFF.");
            service.post("/v1/action_plans/%s/start".formatted(plan), "{}");
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(actions(service, plan).findValuesAsText("action_type"))
                    .containsExactly("change_nova_service_state", "stop", "stop");
            assertThat(cloud.requests()).containsExactlyInAnyOrder("stop a", "stop b");
        }
    }

    @Test
    void serversOutsideTheScopeStay() {
        FakeNovaCloud cloud = new FakeNovaCloud(THREE).stopped("s", "h1");
        try (TestService service = service(cloud)) {
            assertThat(service.post("/v1/audit_templates", """
                            {"name":"without s","goal":"cluster_maintaining","strategy":"host_maintenance",\
                            "scope":[{"compute":[{"exclude":[{"instances":[{"uuid":"s"}]}]}]}]}""").status()).isEqualTo(201);
            String audit = service.post("/v1/audits", """
                            {"audit_template_uuid":"without s","audit_type":"ONESHOT","parameters":{"maintenance_node":"h1"}}""").text("uuid");
            JsonNode plans = service.until(
                    "/v1/action_plans?audit_uuid=" + audit,
                    body -> body.path("action_plans").size() == 1);
            String plan = plans.path("action_plans").get(0).path("uuid").asText();
            assertThat(verdict(service, plan)).contains("Server my-s (s) stays: it is outside the audit's scope.");
            assertThat(actions(service, plan)).hasSize(3);
        }
    }

    @Test
    void itNeedsNovaAndAKnownHost() {
        try (TestService service = service(new FakeCloud(THREE))) {
            assertThat(failure(service, "\"maintenance_node\":\"h1\""))
                    .isEqualTo("Strategy host_maintenance needs Nova, which this service does not use");
        }
        try (TestService service = service(new FakeNovaCloud(THREE))) {
            assertThat(failure(service, "\"maintenance_node\":\"h9\",\"disable_live_migration\":true"))
                    .contains("h9");
        }
    }

    private static String failure(TestService service, String parameters) {
        String audit = service.post("/v1/audits", """
                        {"goal":"cluster_maintaining","strategy":"host_maintenance","audit_type":"ONESHOT","parameters":{%s}}""".formatted(parameters)).text("uuid");
        return service.untilState("/v1/audits/" + audit, "FAILED")
                .path("status_message")
                .asText();
    }

    @Test
    void zoneMigrationEmptiesSeveralHosts() {
        FakeNovaCloud cloud = new FakeNovaCloud(THREE).stopped("s", "h2");
        try (TestService service = service(cloud)) {
            String plan = plan(
                    service,
                    "hardware_maintenance",
                    "zone_migration",
                    "\"compute_nodes\":[{\"src_node\":\"h1\"},{\"src_node\":\"h2\",\"dst_node\":\"h3\"}],\"parallel_total\":2",
                    ",\"auto_trigger\":true");
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(actions(service, plan).findValuesAsText("action_type")).containsOnly("migrate");
            assertThat(cloud.read().vmsOn("h3")).hasSize(3);
            assertThat(cloud.mostAtOnce()).isLessThanOrEqualTo(2);
            assertThat(cloud.requests()).containsExactly("migrate s to h3", "confirm s");
        }
    }

    @Test
    void zoneMigrationRefusesVolumesAndHostsThatAreNamedTwice() {
        try (TestService service = service(new FakeNovaCloud(THREE))) {
            String pools = """
                    {"goal":"hardware_maintenance","strategy":"zone_migration","audit_type":"ONESHOT",\
                    "parameters":{"compute_nodes":[{"src_node":"h1"}],"storage_pools":[{"src_pool":"p"}]}}""";
            assertThat(service.post("/v1/audits", pools).fault()).contains("storage_pools", "compute_nodes");
            String twice = """
                    {"goal":"hardware_maintenance","strategy":"zone_migration","audit_type":"ONESHOT",\
                    "parameters":{"compute_nodes":[{"src_node":"h1"},{"src_node":"h1","dst_node":"h3"}]}}""";
            String audit = service.post("/v1/audits", twice).text("uuid");
            assertThat(service.untilState("/v1/audits/" + audit, "FAILED")
                            .path("status_message")
                            .asText())
                    .isEqualTo("The compute_nodes name src_node h1 twice");
        }
    }
}
