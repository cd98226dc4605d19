package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.service.TestClient.Answer;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The routes under {@code /godwit/v1}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GodwitApiTest {

    private TestService service;

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    @BeforeAll
    void start() {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("host h1 cores=4\nvm a\nhost h2 cores=4"));
        service = new TestService(database().open(), cloud, "test");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void policiesHaveVersions() {
        assertThat(service.get("/godwit/v1/policies").body().path("policies")).hasSizeGreaterThanOrEqualTo(6);
        String gentle = """
                {"name":"gentle","scenario":"hotspot","slos":[{"metric":"DT","threshold":%d,"weight":1}],"optimize":{"TT":1}}""";
        String path = "/godwit/v1/policies/gentle";
        assertThat(service.call("PUT", path, gentle.formatted(500), "latest")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(service.call("PUT", path, gentle.formatted(400), "latest")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(2);
        assertThat(service.get(path + "/versions").body().path("policies")).hasSize(2);
        assertThat(service.call("PUT", path, gentle.replace("DT", "XY").formatted(1), "latest")
                        .fault())
                .contains("unknown metric 'XY'");
        assertThat(service.delete(path).status()).isEqualTo(204);
        assertThat(service.get(path).status()).isEqualTo(404);
        assertThat(service.delete("/godwit/v1/policies/save_traffic").status()).isEqualTo(409);
    }

    @Test
    void methodsThatNobodyKnowsHaveOneMetric() {
        for (int i = 0; i < 3; i++) {
            assertThat(service.call("BREW" + i, "/v1/audits", null, "latest").status())
                    .isEqualTo(405);
        }
        assertThat(service.text("/metrics")).contains("method=\"other\"").doesNotContain("BREW");
    }

    @Test
    void aPolicyKeepsItsTermsForTechniquesAndRefusesOnesThatLeaveNone() {
        String path = "/godwit/v1/policies/safe";
        String safe = """
                {"name":"safe","scenario":"hotspot","slos":[],"optimize":{"TT":1},"forbid_techniques":["THR"],"postcopy":"%s"}""";
        assertThat(service.call("PUT", path, safe.formatted("never"), "latest").status())
                .isEqualTo(200);
        assertThat(service.get(path).body().toString())
                .contains("\"version\":1", "\"forbid_techniques\":[\"THR\"]", "\"postcopy\":\"never\"");
        assertThat(service.call("PUT", path, safe.formatted("maybe"), "latest").fault())
                .contains("Choose one of never, if_needed, free");
        assertThat(service.get(path).body().path("version").asInt()).isEqualTo(1);
    }

    @Test
    void techniqueRulesAreForProjectsAndAggregates() {
        String rule = "/godwit/v1/technique_rules/project/p-1";
        int before = setVersion();
        assertThat(service.call("PUT", rule, "{\"forbid\":[\"POST\",\"PRE-POST\"]}", "latest")
                        .status())
                .isEqualTo(200);
        assertThat(service.get(rule).body())
                .hasToString(
                        "{\"scope\":\"project\",\"name\":\"p-1\",\"allow\":[],\"forbid\":[\"POST\",\"PRE-POST\"]}");
        assertThat(setVersion()).isEqualTo(before + 1);
        assertThat(service.get("/godwit/v1/technique_rules").body().path("technique_rules"))
                .hasSize(1);
        assertThat(service.call("PUT", rule, "{\"forbid\":[\"FAST\"]}", "latest")
                        .fault())
                .contains("There is no technique 'FAST'");
        assertThat(service.call("PUT", rule, "{}", "latest").fault()).contains("neither allows nor forbids");
        assertThat(service.call("PUT", "/godwit/v1/technique_rules/rack/1", "{\"allow\":[\"PRE\"]}", "latest")
                        .status())
                .isEqualTo(404);
        assertThat(service.delete(rule).status()).isEqualTo(204);
        assertThat(service.get(rule).status()).isEqualTo(404);
        assertThat(setVersion()).isEqualTo(before + 2);
    }

    private int setVersion() {
        return service.get("/godwit/v1/policies")
                .body()
                .at("/policy_set/version")
                .asInt();
    }

    @Test
    void everyRouteOfTheOpenApiDocumentExists() {
        JsonNode paths = service.get("/godwit/v1/openapi.json").body().path("paths");
        assertThat(paths).hasSizeGreaterThan(8);
        paths.fieldNames().forEachRemaining(path -> {
            if (paths.path(path).has("get")
                    && !path.endsWith("events")
                    && !path.endsWith("metrics")
                    && !path.endsWith("{id}")
                    && !path.contains("{scope}")
                    && !path.contains("{uuid}")) {
                Answer answer = service.get(path.replace("{name}", nameFor(path)));
                assertThat(answer.status()).as(path).isEqualTo(200);
            }
        });
    }

    private static String nameFor(String path) {
        if (path.contains("traffic_classes")) {
            return "batch";
        }
        return path.contains("hosts") ? "h1" : "save_traffic";
    }

    @Test
    void trafficClassesHaveVersionsAndLeaveNoGap() {
        int before = setVersion();
        String path = "/godwit/v1/traffic_classes/batch";
        String batch = """
                {"name":"batch","traffic":["mixed"],"at_least":"%s","bounds":{
                 "high":{"sla_lower":"50%%","sla_upper":"60%%"},"medium":{"sla_lower":"50%%","sla_upper":"75%%"},
                 "low":{"sla_lower":"80mbit","sla_upper":"90mbit, 100%%"}}}""";
        Answer put = service.call("PUT", path, batch.formatted("100mbit"), "latest");
        assertThat(put.status()).isEqualTo(200);
        assertThat(put.body().path("version").asInt()).isEqualTo(1);
        assertThat(service.get(path).body().at("/bounds/low/sla_upper").asText())
                .isEqualTo("90mbit, 100%");
        assertThat(setVersion()).isEqualTo(before + 1);

        Answer gap = service.call("PUT", path, batch.formatted("150mbit"), "latest");
        assertThat(gap.status()).isEqualTo(409);
        assertThat(gap.fault()).contains("no class covers mixed traffic from 100mbit on");
        assertThat(service.call("PUT", path, batch.formatted("fast"), "latest").fault())
                .contains("'fast' is not a bandwidth");
        assertThat(service.get(path).body().path("version").asInt()).isEqualTo(1);

        assertThat(service.delete(path).status()).isEqualTo(204);
        assertThat(service.get(path).body().path("version").asInt()).isZero();
        assertThat(service.delete(path).status()).isEqualTo(409);
        assertThat(setVersion()).isEqualTo(before + 2);
    }

    @Test
    void aNewTrafficClassIsTriedFirstAndDeletedWithItsProjects() {
        String path = "/godwit/v1/traffic_classes/chat";
        String pair = "{\"sla_lower\":\"1mbit\",\"sla_upper\":\"2mbit\"}";
        assertThat(service.call("PUT", path, """
                {"name":"chat","traffic":["mixed","idle"],"below":"20mbit","bounds":{"high":%1$s,"medium":%1$s,"low":%1$s}}""".formatted(pair), "latest").status())
                .isEqualTo(200);
        String project = path + "/projects/p-1";
        assertThat(service.call("PUT", project, "{\"bounds\":{\"low\":%s}}".formatted(pair), "latest")
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(service.call("PUT", project, "{\"bounds\":{}}", "latest").fault())
                .contains("name no urgency");
        assertThat(service.call(
                                "PUT",
                                path.replace("chat", "none") + "/projects/p",
                                "{\"bounds\":{\"low\":%s}}".formatted(pair),
                                "latest")
                        .status())
                .isEqualTo(404);

        JsonNode first = service.get("/godwit/v1/traffic_classes").body().at("/traffic_classes/0");
        assertThat(first.path("name").asText()).isEqualTo("chat");
        assertThat(first.at("/projects/0/project").asText()).isEqualTo("p-1");
        assertThat(service.get("/godwit/v1/hosts/h1")
                        .body()
                        .at("/vms/0/workload_class")
                        .asText())
                .as("nobody handed the classes to this cloud")
                .isEqualTo("archival_idle");

        assertThat(service.delete(path).status()).isEqualTo(204);
        assertThat(service.delete(project).status()).isEqualTo(404);
        assertThat(service.get(path).status()).isEqualTo(404);
    }

    @Test
    void vmsShowWhatTheirTrafficMeans() {
        FakeCloud busy = new FakeCloud(DrawnCluster.draw("host h1 in=300 out=20\nvm a in=30 out=400"));
        try (TestService shown = new TestService(database().open(), busy, "busy")) {
            JsonNode host = shown.get("/godwit/v1/hosts/h1").body();
            assertThat(host.path("vms").path(0).toString())
                    .contains(
                            "\"workload_class\":\"content_delivery\"",
                            "\"urgency\":\"medium\"",
                            "\"sla_lower_bits_per_second\":300000000",
                            "\"sla_upper_bits_per_second\":400000000",
                            "\"sla_notes\":[]");
            assertThat(shown.get("/godwit/v1/hosts")
                            .body()
                            .at("/hosts/0/vms/0/workload_class")
                            .asText())
                    .isEqualTo("content_delivery");
        }
    }

    @Test
    void aPredictionMigratesNothing() {
        Answer answer = service.post("/godwit/v1/predictions", "{\"vm\":\"a\",\"destination\":\"h2\"}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("alternatives")).hasSizeGreaterThan(5);
        assertThat(service.post("/godwit/v1/predictions", "{\"vm\":\"a\",\"destination\":\"h1\"}")
                        .fault())
                .isEqualTo("VM 'a' is on host 'h1' already.");
        assertThat(service.post("/godwit/v1/predictions", "{\"vm\":\"b\",\"destination\":\"h1\"}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aSolutionNeedsNoAudit() {
        try (TestService hot = new TestService(database().open(), FakeCloud.hot(), "hot")) {
            String path = "/godwit/v1/strategies/hotspot_mitigation/solutions";
            Answer answer = hot.post(path, "{\"parameters\":{\"samples\":1,\"hot_samples\":1},\"scope\":[]}");
            assertThat(answer.status()).isEqualTo(200);
            JsonNode action = answer.body().path("actions").path(0);
            assertThat(action.path("action_type").asText()).isEqualTo("migrate");
            assertThat(action.path("input_parameters").path("resource_id").asText())
                    .isEqualTo("db");
            assertThat(action.path("input_parameters").path("technique").asText())
                    .isNotBlank();
            assertThat(answer.body().path("efficacy").path("hot_hosts_after").asInt())
                    .isZero();
            assertThat(hot.get("/v1/audits").body().path("audits")).isEmpty();
            assertThat(hot.post(path, "{\"parameters\":{\"speed\":1}}").status())
                    .isEqualTo(400);
            assertThat(hot.post(path.replace("hotspot", "x"), "{}").status()).isEqualTo(404);
        }
    }

    @Test
    void aMigrationIsStartedOncePerId() {
        FakeCloud cloud = FakeCloud.hot();
        try (TestService hot = new TestService(database().open(), cloud, "hot")) {
            String path = "/godwit/v1/hosts/h1/migrations/" + UUID.randomUUID();
            String body = """
                    {"migration_type":"live","resource_id":"db","source_node":"h1","destination_node":"h2","technique":"POST"}""";
            assertThat(hot.call("PUT", path, body, "latest").status()).isEqualTo(202);
            assertThat(hot.call("PUT", path, body, "latest").status()).isEqualTo(202);
            assertThat(cloud.started()).hasSize(1);
            assertThat(cloud.started().get(0).technique()).isEqualTo(Technique.POST_COPY);
            assertThat(cloud.started().get(0).timeLimit())
                    .as("no limit but Nova's")
                    .isNull();
            assertThat(hot.call("PUT", path, body.replace("}", ",\"time_limit\":-1}"), "latest")
                            .fault())
                    .contains("time_limit");
            hot.until(path, status -> status.path("phase").asText().equals("COMPLETED"));
            assertThat(hot.delete(path).status()).isEqualTo(202);
            assertThat(hot.get(path.replace("h1/migrations/", "h1/migrations/x"))
                            .status())
                    .isEqualTo(400);
            assertThat(hot.get("/godwit/v1/hosts/h1/migrations/" + UUID.randomUUID())
                            .status())
                    .isEqualTo(404);
            assertThat(hot.call("PUT", path.replace("/h1/", "/h2/"), body, "latest")
                            .fault())
                    .contains("the path says 'h2'");
        }
    }

    @Test
    void healthNeedsNoToken() {
        assertThat(service.get("/healthz").body().path("database").asText()).isEqualTo("ok");
    }
}
