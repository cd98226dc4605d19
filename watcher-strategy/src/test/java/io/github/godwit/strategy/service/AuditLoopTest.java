package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.cluster.Cloud;
import io.github.godwit.strategy.cluster.ClusterModel;
import io.github.godwit.strategy.cluster.DrawnCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Audits and action plans from start to end, over REST, with a database. */
class AuditLoopTest {

    private static final ClusterModel HOT = DrawnCluster.draw("""
            host h1 cores=4 memory=8192 cpu=0.9 used=0.4
              vm db memory=2048 resident=1024 cores=1.6
              vm web memory=1024 resident=512 cores=1.0
              vm batch memory=1024 resident=512 cores=0.9
            host h2 cores=4 memory=8192 cpu=0.1 used=0.1
            host h3 cores=4 memory=8192 cpu=0.2 used=0.1
              vm idle memory=512 resident=256 cores=0.1
            """);

    private static final String ONE_LOOK = "\"samples\":1,\"hot_samples\":1";

    private static final ClusterModel IDLE = DrawnCluster.draw("""
            host h1 cores=4 memory=8192 cpu=0.2 used=0.2
              vm a memory=1024 resident=512 cores=0.4
            host h2 cores=4 memory=8192 cpu=0.3 used=0.3
              vm b memory=1024 resident=512 cores=0.6
              vm c memory=1024 resident=512 cores=0.6
            host h3 cores=4 memory=8192 cpu=0.1 used=0.1
            """);

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    private TestService service(FakeCloud cloud) {
        return new TestService(database().open(), cloud, "test");
    }

    private static String audit(String goal, String strategy, String parameters, String more) {
        return "{\"goal\":\"%s\",\"strategy\":\"%s\",\"audit_type\":\"ONESHOT\",\"parameters\":{%s}%s}"
                .formatted(goal, strategy, parameters, more);
    }

    private static String plan(TestService service, String audit) {
        JsonNode plans = service.until(
                "/v1/action_plans?audit_uuid=" + audit,
                body -> body.path("action_plans").size() == 1);
        return plans.path("action_plans").get(0).path("uuid").asText();
    }

    private static JsonNode actions(TestService service, String plan) {
        return service.get("/v1/actions/detail?action_plan_uuid=" + plan).body().path("actions");
    }

    @Test
    void anAuditRecommendsAPlanThatIsExecutedWhenItIsStarted() {
        FakeCloud cloud = new FakeCloud(HOT);
        try (TestService service = service(cloud)) {
            var created = service.post("/v1/audits", audit("workload_balancing", "hotspot_mitigation", ONE_LOOK, ""));
            assertThat(created.status()).isEqualTo(201);
            String audit = created.text("uuid");
            assertThat(created.headers().firstValue("Location"))
                    .get()
                    .asString()
                    .endsWith("/v1/audits/" + audit);

            service.untilState("/v1/audits/" + audit, "SUCCEEDED");
            String plan = plan(service, audit);
            JsonNode recommended = service.get("/v1/action_plans/" + plan).body();
            assertThat(recommended.path("state").asText()).isEqualTo("RECOMMENDED");
            assertThat(recommended.path("status_message").asText()).contains("hotspot on h1");
            assertThat(recommended.path("efficacy_indicators").findValuesAsText("name"))
                    .contains("hot_hosts_before", "hot_hosts_after");
            assertThat(cloud.started()).isEmpty();

            JsonNode actions = actions(service, plan);
            assertThat(actions).isNotEmpty();
            JsonNode first = actions.get(0);
            assertThat(first.path("description").asText()).contains("Live-migrate", "from h1", "downtime");
            assertThat(first.path("input_parameters").path("technique").asText())
                    .isNotEmpty();
            assertThat(first.path("input_parameters")
                            .path("predicted")
                            .path("TT")
                            .path("high")
                            .asDouble())
                    .isPositive();
            assertThat(first.path("input_parameters").path("alternatives")).hasSizeGreaterThan(5);
            JsonNode listed = service.get("/v1/actions?action_plan_uuid=" + plan)
                    .body()
                    .path("actions")
                    .get(0);
            assertThat(listed.properties()).hasSize(6).isSubsetOf(first.properties());

            assertThat(service.post("/v1/action_plans/%s/start".formatted(plan), "{}")
                            .status())
                    .isEqualTo(200);
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(actions(service, plan).findValuesAsText("state")).containsOnly("SUCCEEDED");
            assertThat(cloud.started()).hasSize(actions.size());
            assertThat(service.text("/metrics"))
                    .contains(
                            "godwit_audits{state=\"SUCCEEDED\"} 1.0",
                            "godwit_migrations_total{",
                            "godwit_http_requests_seconds_count{")
                    .contains("route=\"/v1/audits/{identity}\"");
            assertThat(service.post("/v1/action_plans/%s/start".formatted(plan), "{}")
                            .fault())
                    .isEqualTo("Couldn't start when state is 'SUCCEEDED'.");
        }
    }

    @Test
    void aPlanWithAFailedActionFailsAndRollsBackIfRequested() {
        FakeCloud cloud = new FakeCloud(HOT).failing("web");
        try (TestService service = service(cloud)) {
            String actions = "\"on_failure\":\"rollback\",\"actions\":[%s,%s,%s]"
                    .formatted(migrate("db", "h2"), migrate("web", "h3"), migrate("batch", "h2"));
            String audit = service.post(
                            "/v1/audits", audit("unclassified", "actuator", actions, ",\"auto_trigger\":true"))
                    .text("uuid");

            String plan = plan(service, audit);
            JsonNode failed = service.untilState("/v1/action_plans/" + plan, "FAILED");

            assertThat(failed.path("status_message").asText()).contains("moved back", "Connection reset by peer");
            assertThat(actions(service, plan).findValuesAsText("state"))
                    .containsExactly("SUCCEEDED", "FAILED", "CANCELLED", "SUCCEEDED");
            assertThat(cloud.read().vm("db").host()).isEqualTo("h1");
        }
    }

    private static String migrate(String vm, String to) {
        return """
                {"action_type":"migrate","resource_id":"%s","input_parameters":{"migration_type":"live",\
                "source_node":"h1","destination_node":"%s","policy":"ensure_performance"}}""".formatted(vm, to);
    }

    @Test
    void aLiveMigrationAsWatchersClientsRequestItIsDecidedByTheAuditsPolicy() {
        FakeCloud cloud = new FakeCloud(HOT);
        try (TestService service = service(cloud)) {
            String actions = "\"policy\":\"reduced_downtime\",\"actions\":[%s]"
                    .formatted(migrate("db", "h2").replace(",\"policy\":\"ensure_performance\"", ""));
            String audit = service.post(
                            "/v1/audits", audit("unclassified", "actuator", actions, ",\"auto_trigger\":true"))
                    .text("uuid");
            service.untilState("/v1/action_plans/" + plan(service, audit), "SUCCEEDED");
            assertThat(cloud.started()).singleElement().satisfies(order -> {
                assertThat(order.policy()).isEqualTo("reduced_downtime");
                assertThat(order.technique()).isNull();
            });
        }
    }

    @Test
    void nopEndsAsItsParametersSay() {
        try (TestService service = service(new FakeCloud(HOT))) {
            String actions = "\"independent\":true,\"actions\":[%s,%s,%s,%s,%s]"
                    .formatted(
                            nop("skip_pre_condition"),
                            nop("fail_pre_condition"),
                            nop("fail_execute"),
                            nop("fail_post_condition"),
                            nop("nothing"));
            String audit = service.post(
                            "/v1/audits", audit("unclassified", "actuator", actions, ",\"auto_trigger\":true"))
                    .text("uuid");
            String plan = plan(service, audit);
            JsonNode failed = service.untilState("/v1/action_plans/" + plan, "FAILED");
            assertThat(failed.path("status_message").asText())
                    .startsWith("3 of 5 actions failed. The first: ")
                    .endsWith("its parameter fail_pre_condition is true.");
            assertThat(actions(service, plan).findValuesAsText("state"))
                    .containsExactly("SKIPPED", "FAILED", "FAILED", "FAILED", "SUCCEEDED");
        }
    }

    private static String nop(String flag) {
        return "{\"action_type\":\"nop\",\"input_parameters\":{\"message\":\"hello\",\"%s\":true}}".formatted(flag);
    }

    @Test
    void whatWasMovedOrDeletedByHandIsSkippedAndNothingIsRolledBack() {
        FakeCloud cloud = new FakeCloud(HOT);
        try (TestService service = service(cloud)) {
            String actions = "\"on_failure\":\"rollback\",\"actions\":[%s,%s,%s]"
                    .formatted(migrate("db", "h2"), migrate("web", "h3"), migrate("batch", "h2"));
            String audit = service.post("/v1/audits", audit("unclassified", "actuator", actions, ""))
                    .text("uuid");
            String plan = plan(service, audit);
            cloud.change(cluster -> new ClusterModel(
                            cluster.hosts(),
                            cluster.vms().stream()
                                    .filter(vm -> !"db".equals(vm.name()))
                                    .toList(),
                            List.of())
                    .withMove("web", "h3"));
            service.post("/v1/action_plans/%s/start".formatted(plan), "{}");
            JsonNode ended = service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(ended.path("status_message").asText()).isEqualTo("One or more actions were skipped.");
            assertThat(actions(service, plan).findValuesAsText("state"))
                    .containsExactly("SKIPPED", "SKIPPED", "SUCCEEDED");
            assertThat(actions(service, plan).findValuesAsText("status_message"))
                    .startsWith("VM db no longer exists.", "VM web is on h3 already.");
        }
    }

    @Test
    void theVerdictClaimsOnlyWhatIsPlanned() {
        try (TestService service = service(new FakeCloud(IDLE).immovable("b"))) {
            String emptied = service.post(
                            "/v1/audits",
                            audit("cluster_maintaining", "maintenance", "\"maintenance_node\":\"h2\"", ""))
                    .text("uuid");
            JsonNode plan =
                    service.get("/v1/action_plans/" + plan(service, emptied)).body();
            assertThat(plan.path("status_message").asText())
                    .startsWith("1 of 2 VMs leave h2. b stays: it is not migratable to ")
                    .endsWith(" (No technique can run: needs a shared disk (%d techniques))."
                            .formatted(Technique.values().length));
        }
        try (TestService service = service(new FakeCloud(IDLE).immovable("a"))) {
            String packed = service.post("/v1/audits", audit("server_consolidation", "consolidation", ONE_LOOK, ""))
                    .text("uuid");
            JsonNode plan =
                    service.get("/v1/action_plans/" + plan(service, packed)).body();
            assertThat(plan.path("status_message").asText())
                    .doesNotContain("h1 becomes empty")
                    .contains("h1 stays in use: a cannot be migrated");
        }
    }

    @Test
    void timeLimitsIncludeLocalDisks() {
        try (TestService service = service(new FakeCloud(HOT).withLocalDisks(100L << 30))) {
            String audit = service.post(
                            "/v1/audits",
                            audit("workload_balancing", "hotspot_mitigation", ONE_LOOK, ",\"auto_trigger\":true"))
                    .text("uuid");
            String plan = plan(service, audit);
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            JsonNode action = actions(service, plan).get(0);
            // 100 GiB over a link of 1 Gbit/s, twice
            assertThat(action.path("input_parameters").path("time_limit").asDouble())
                    .isGreaterThan(2 * 8.0 * (100L << 30) / 1e9);
            assertThat(action.path("description").asText()).contains("local disks (up to 100.0 GiB)");
            assertThat(action.path("status_message").asText()).contains("local disks of up to 100.0 GiB");
        }
    }

    @Test
    void cancelStopsTheRunningMigrationAndTheRestIsNotStarted() {
        FakeCloud cloud = new FakeCloud(HOT).holding();
        try (TestService service = service(cloud)) {
            String actions = "\"actions\":[%s,%s]".formatted(migrate("db", "h2"), migrate("web", "h3"));
            String audit = service.post(
                            "/v1/audits", audit("unclassified", "actuator", actions, ",\"auto_trigger\":true"))
                    .text("uuid");
            String plan = plan(service, audit);
            service.until(
                    "/v1/actions?action_plan_uuid=" + plan,
                    body -> body.path("actions").findValuesAsText("state").contains("ONGOING"));

            String cancel = "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"CANCELLING\"}]";
            assertThat(service.patch("/v1/action_plans/" + plan, cancel).status())
                    .isEqualTo(200);

            service.untilState("/v1/action_plans/" + plan, "CANCELLED");
            assertThat(actions(service, plan).findValuesAsText("state")).containsExactly("CANCELLED", "CANCELLED");
            assertThat(cloud.read().vm("db").host()).isEqualTo("h1");
        }
    }

    @Test
    void consolidationEmptiesHostsAndMaintenanceTheGivenHost() {
        try (TestService service = service(new FakeCloud(IDLE))) {
            String packed = service.post("/v1/audits", audit("server_consolidation", "consolidation", ONE_LOOK, ""))
                    .text("uuid");
            JsonNode plan =
                    service.get("/v1/action_plans/" + plan(service, packed)).body();
            assertThat(plan.path("status_message").asText()).startsWith("h1 becomes empty");
            assertThat(plan.path("global_efficacy").get(0).path("value").asDouble())
                    .isBetween(33.0, 34.0);

            String emptied = service.post(
                            "/v1/audits",
                            audit("cluster_maintaining", "maintenance", "\"maintenance_node\":\"h2\"", ""))
                    .text("uuid");
            assertThat(actions(service, plan(service, emptied)).findValuesAsText("source_node"))
                    .containsExactly("h2", "h2");
        }
    }

    @Test
    void emptiedHostsAreDisabledIfRequested() {
        FakeCloud cloud = new FakeCloud(IDLE).withNova();
        try (TestService service = service(cloud)) {
            String packing = service.post(
                            "/v1/audits",
                            audit("server_consolidation", "consolidation", ONE_LOOK + ",\"disable_hosts\":true", ""))
                    .text("uuid");
            String plan = plan(service, packing);
            assertThat(actions(service, plan).findValuesAsText("action_type"))
                    .containsExactly("migrate", "change_nova_service_state");
            service.post("/v1/action_plans/%s/start".formatted(plan), "{}");
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(cloud.read().rules().closed()).containsExactly("h1");

            cloud.setEnabled("h1", true, null);
            String emptying = service.post(
                            "/v1/audits",
                            audit(
                                    "cluster_maintaining",
                                    "maintenance",
                                    "\"maintenance_node\":\"h2\",\"disable_hosts\":true,\"on_failure\":\"rollback\"",
                                    ""))
                    .text("uuid");
            String second = plan(service, emptying);
            assertThat(actions(service, second).findValuesAsText("action_type"))
                    .startsWith("change_nova_service_state", "migrate");
            failTheLastMigration(service, second, cloud);
            assertThat(cloud.read().rules().closed()).isEmpty();
            assertThat(cloud.read().vmsOn("h2")).hasSize(3);
            assertThat(actions(service, second).findValuesAsText("description"))
                    .filteredOn(sentence -> sentence.startsWith("Roll back."))
                    .hasSizeGreaterThan(1)
                    .first()
                    .isEqualTo("Roll back. Enable host h2");
            assertThat(actions(service, second).findValuesAsText("state"))
                    .filteredOn("FAILED"::equals)
                    .hasSize(1);
        }
    }

    /** Starts a plan whose last migration fails, after those that begin before it. */
    private static void failTheLastMigration(TestService service, String plan, FakeCloud cloud) {
        JsonNode actions = actions(service, plan);
        JsonNode last = actions.get(actions.size() - 1).path("input_parameters");
        cloud.failing(last.path("resource_id").asText());
        service.post("/v1/action_plans/%s/start".formatted(plan), "{}");
        service.untilState("/v1/action_plans/" + plan, "FAILED");
    }

    @Test
    void aHostThatAnAdministratorHadDisabledStaysSoAfterARollback() {
        FakeCloud cloud = new FakeCloud(IDLE).withNova();
        cloud.setEnabled("h2", false, "bad DIMM in slot 4");
        try (TestService service = service(cloud)) {
            String audit = service.post(
                            "/v1/audits",
                            audit(
                                    "cluster_maintaining",
                                    "maintenance",
                                    "\"maintenance_node\":\"h2\",\"disable_hosts\":true,\"on_failure\":\"rollback\"",
                                    ""))
                    .text("uuid");
            String plan = plan(service, audit);
            failTheLastMigration(service, plan, cloud);
            JsonNode disable = actions(service, plan).get(0);
            assertThat(disable.path("state").asText()).isEqualTo("SKIPPED");
            assertThat(disable.path("status_message").asText()).contains("disabled already", "bad DIMM in slot 4");
            JsonNode back = actions(service, plan).get(3);
            assertThat(back.path("description").asText()).startsWith("Roll back. ");
            assertThat(back.path("state").asText()).isEqualTo("SKIPPED");
            assertThat(back.path("status_message").asText())
                    .startsWith("Host h2 is disabled (\"bad DIMM in slot 4\"). ")
                    .contains(" stays on h");
            assertThat(cloud.hostService("h2")).isEqualTo(new Cloud.HostService(false, "bad DIMM in slot 4"));
        }
    }

    @Test
    void noActionStartsWhileTheRulesAreUnknown() throws InterruptedException {
        FakeCloud cloud = new FakeCloud(HOT);
        cloud.rulesAre(false);
        try (TestService service = service(cloud)) {
            String audit = service.post(
                            "/v1/audits",
                            audit(
                                    "unclassified",
                                    "actuator",
                                    "\"actions\":[%s]".formatted(migrate("db", "h2")),
                                    ",\"auto_trigger\":true"))
                    .text("uuid");
            String plan = plan(service, audit);
            service.untilState("/v1/action_plans/" + plan, "ONGOING");
            cloud.awaitRefusals();
            assertThat(cloud.started()).isEmpty();
            cloud.rulesAre(true);
            service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
            assertThat(cloud.started()).hasSize(1);
        }
    }

    @Test
    void withoutNovaNoHostCanBeDisabled() {
        try (TestService service = service(new FakeCloud(HOT))) {
            String audit = service.post(
                            "/v1/audits",
                            audit(
                                    "cluster_maintaining",
                                    "maintenance",
                                    "\"maintenance_node\":\"h1\",\"disable_hosts\":true",
                                    ""))
                    .text("uuid");
            assertThat(service.untilState("/v1/audits/" + audit, "FAILED")
                            .path("status_message")
                            .asText())
                    .contains("disable_hosts needs Nova");
        }
    }

    /** Four VMs of 4 GiB fill two hosts of 8 GiB: nothing fits elsewhere. */
    @Test
    void aPlanThatAchievesNothingDoesNotReadAsSuccess() {
        FakeCloud full = new FakeCloud(DrawnCluster.draw("""
                host h1 cores=16 memory=8192 used=0.4
                  vm a memory=4096 resident=1024
                  vm b memory=4096 resident=1024
                host h2 cores=16 memory=8192 used=0.4
                  vm c memory=4096 resident=1024
                  vm d memory=4096 resident=1024
                """));
        try (TestService service = service(full)) {
            String audit = service.post(
                            "/v1/audits",
                            audit("cluster_maintaining", "maintenance", "\"maintenance_node\":\"h1\"", ""))
                    .text("uuid");
            JsonNode plan =
                    service.get("/v1/action_plans/" + plan(service, audit)).body();
            assertThat(plan.path("state").asText()).isEqualTo("FAILED");
            assertThat(plan.path("status_message").asText())
                    .startsWith("0 of 2 VMs leave h1. a stays: no host can take it");
        }
    }

    @Test
    void anAuditThatCannotReadTheClusterFailsWithTheReason() {
        FakeCloud nothing = new FakeCloud(new ClusterModel(List.of(), List.of(), List.of()));
        try (TestService service = service(nothing)) {
            String audit = service.post("/v1/audits", audit("workload_balancing", "hotspot_mitigation", ONE_LOOK, ""))
                    .text("uuid");
            assertThat(service.untilState("/v1/audits/" + audit, "FAILED")
                            .path("status_message")
                            .asText())
                    .contains("No host of the cluster can be read");
        }
    }
}
