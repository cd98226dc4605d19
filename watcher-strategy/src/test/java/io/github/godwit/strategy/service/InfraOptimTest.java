package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.service.TestClient.Answer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Watcher's API: routes, microversions, paging and errors. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InfraOptimTest {

    private TestService service;

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    @BeforeAll
    void start() {
        FakeCloud cloud = new FakeCloud(DrawnCluster.draw("""
                host h1 cores=4 memory=8192 cpu=0.2
                  vm a
                host h2 cores=4 memory=8192
                """));
        service = new TestService(database().open(), cloud, "test");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    @Test
    void theRootListsTheVersions() {
        JsonNode root = service.get("/").body();
        assertThat(root.path("versions").get(0).path("max_version").asText()).isEqualTo("1.7");
        assertThat(root.path("versions")
                        .get(0)
                        .path("links")
                        .get(0)
                        .path("href")
                        .asText())
                .isEqualTo(service.url("/v1/").toString());
        assertThat(service.get("/v1").body().path("audits").get(0).path("href").asText())
                .isEqualTo(service.url("/v1/audits/").toString());
        assertThat(service.call("GET", "/v1", null, "1.2").body().has("data_model"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1.0, 200, 1.0",
        "1.5, 200, 1.5",
        "latest, 200, 1.7",
        "1, 200, 1.0",
        "nonsense, 200, 1.0",
        "1.99, 406, 1.0"
    })
    void versionsAreNegotiatedByHeader(String asked, int status, String answered) {
        Answer answer = service.call("GET", "/v1/goals", null, asked);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.headers().firstValue("OpenStack-API-Version")).hasValue("infra-optim " + answered);
        assertThat(answer.headers().firstValue("OpenStack-API-Maximum-Version")).hasValue("infra-optim 1.7");
        assertThat(answer.headers().firstValue("Vary")).hasValue("OpenStack-API-Version");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "compute 2.1, infra-optim 1.4    | 200 | 1.4",
                "infra-optim 1.4,compute 2.1     | 200 | 1.4",
                "compute 2.1 , Infra-Optim latest| 200 | 1.7",
                "infra-optim 1.2, infra-optim 1.3| 200 | 1.3",
                "compute 2.1                     | 200 | 1.0",
                "compute 2.1, infra-optim 1.99   | 406 | 1.0",
                "compute 2.1, infra-optim 2.0    | 406 | 1.0",
                "infra-optim 1.2.3               | 406 | 1.0",
                "infra-optim 2                   | 406 | 1.0",
                "infra-optim 1.-1                | 406 | 1.0",
                "infra-optim                     | 200 | 1.0",
                "infra-optim 1.x                 | 200 | 1.0",
                ",,,                             | 200 | 1.0"
            })
    void theHeaderMayNameSeveralServices(String header, int status, String answered) throws Exception {
        HttpResponse<String> answer = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .build()
                .send(
                        HttpRequest.newBuilder(service.url("/v1/goals"))
                                .timeout(Duration.ofSeconds(20))
                                .header("OpenStack-API-Version", header)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("OpenStack-API-Version")).hasValue("infra-optim " + answered);
    }

    @Test
    void fieldsOfNewerVersionsAreLeftOut() {
        String audit = service.post("/v1/audits", "{\"goal\":\"dummy\",\"audit_type\":\"EVENT\"}")
                .text("uuid");
        JsonNode old = service.call("GET", "/v1/audits/" + audit, null, "1.0").body();
        assertThat(old.has("start_time") || old.has("force") || old.has("status_message"))
                .isFalse();
        assertThat(service.get("/v1/audits/" + audit).body().has("force")).isTrue();
        String timed = """
                {"goal":"dummy","audit_type":"CONTINUOUS","interval":"3600","start_time":"2030-01-01 00:00:00"}""";
        assertThat(service.call("POST", "/v1/audits", timed, "1.0").status()).isEqualTo(406);
        assertThat(service.call("GET", "/v1/data_model", null, "1.2").status()).isEqualTo(406);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "goals",
                "strategies",
                "scoring_engines",
                "services",
                "audit_templates",
                "audits",
                "action_plans",
                "actions"
            })
    void everyListChecksItsParameters(String resource) {
        for (String path : List.of(resource, resource + "/detail", resource + "/")) {
            Answer answer = service.get("/v1/" + path);
            assertThat(answer.status()).as(path).isEqualTo(200);
            assertThat(answer.body().path(resource).isArray()).as(path).isTrue();
        }
        assertThat(service.get("/v1/%s?limit=0".formatted(resource)).fault()).isEqualTo("Limit must be positive");
        assertThat(service.get("/v1/%s?limit=x".formatted(resource)).status()).isEqualTo(400);
        assertThat(service.get("/v1/%s?sort_dir=up".formatted(resource)).fault())
                .contains("'asc' or 'desc'");
        assertThat(service.get("/v1/%s?sort_key=colour".formatted(resource)).fault())
                .isEqualTo("Invalid sort key: colour");
        assertThat(service.get("/v1/%s?colour=red".formatted(resource)).fault())
                .isEqualTo("Unknown argument: \"colour\"");
        assertThat(service.get("/v1/%s?marker=nobody".formatted(resource)).fault())
                .isEqualTo("Expected a uuid but received nobody");
    }

    @Test
    void pagesFollowOneAnotherInEveryOrder() {
        for (int i = 0; i < 5; i++) {
            assertThat(service.post("/v1/audit_templates", """
                            {"name":"page-%d","goal":"dummy","description":"%s"}""".formatted(i, i % 2 == 0 ? "even" : "odd"))
                            .status())
                    .isEqualTo(201);
        }
        for (String order :
                List.of("sort_key=id", "sort_key=name&sort_dir=desc", "sort_key=description", "sort_key=goal_uuid")) {
            List<String> seen = new ArrayList<>();
            String next = "/v1/audit_templates?goal=dummy&limit=2&" + order;
            while (next != null) {
                JsonNode page = service.get(next).body();
                page.path("audit_templates")
                        .forEach(item -> seen.add(item.path("name").asText()));
                next = page.has("next")
                        ? page.path("next")
                                .asText()
                                .substring(service.url("").toString().length())
                        : null;
            }
            assertThat(seen).as(order).hasSize(5).doesNotHaveDuplicates();
            assertThat(seen.get(0)).as(order).isEqualTo(order.contains("sort_dir=desc") ? "page-4" : "page-0");
        }
        for (int i = 0; i < 5; i++) {
            assertThat(service.delete("/v1/audit_templates/page-" + i).status()).isEqualTo(204);
        }
    }

    @Test
    void templatesApplyToAuditsAndCheckTheirParameters() {
        String made = """
                {"name":"nightly","goal":"workload_balancing","strategy":"hotspot_mitigation",\
                "default_parameters":{"samples":1,"hot_samples":1},"scope":[{"compute":[{"exclude":[\
                {"compute_nodes":[{"name":"h2"}]}]}]}]}""";
        assertThat(service.call("POST", "/v1/audit_templates", made, "1.6").status())
                .isEqualTo(406);
        assertThat(service.post("/v1/audit_templates", made).status()).isEqualTo(201);
        assertThat(service.post("/v1/audit_templates", made).status()).isEqualTo(409);

        Answer audit = service.post("/v1/audits", """
                {"audit_template_uuid":"nightly","audit_type":"ONESHOT","parameters":{"max_moves":3}}""");
        assertThat(audit.text("name")).startsWith("nightly-").hasSizeLessThanOrEqualTo(63);
        JsonNode parameters = audit.body().path("parameters");
        assertThat(parameters.path("samples").asInt()).isEqualTo(1);
        assertThat(parameters.path("max_moves").asInt()).isEqualTo(3);
        assertThat(parameters.path("cpu_threshold").asDouble()).isEqualTo(0.75);

        String other = "[{\"op\":\"replace\",\"path\":\"/strategy\",\"value\":null}]";
        assertThat(service.patch("/v1/audit_templates/nightly", other).status()).isBetween(400, 409);
        String renamed = "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"daily\"}]";
        assertThat(service.patch("/v1/audit_templates/nightly", renamed).text("name"))
                .isEqualTo("daily");
        assertThat(service.delete("/v1/audit_templates/daily").status()).isEqualTo(204);
        assertThat(service.get("/v1/audit_templates/daily").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"audit_type\":\"ONESHOT\"}",
                "{\"goal\":\"dummy\"}",
                "{\"goal\":\"nothing\",\"audit_type\":\"ONESHOT\"}",
                "{\"goal\":\"dummy\",\"strategy\":\"maintenance\",\"audit_type\":\"ONESHOT\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"SOMETIMES\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\",\"interval\":\"60\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"CONTINUOUS\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"CONTINUOUS\",\"interval\":\"now and then\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"CONTINUOUS\",\"interval\":\"0 2 30 2 *\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"CONTINUOUS\",\"interval\":\"60\",\"end_time\":\"2020-01-01\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\",\"start_time\":\"2030-01-01 00:00:00\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"CONTINUOUS\",\"interval\":\"9\",\"end_time\":\"soon\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\",\"parameters\":{\"para1\":4}}",
                "{\"goal\":\"dummy\",\"strategy\":\"dummy\",\"audit_type\":\"ONESHOT\",\"parameters\":{\"para1\":99}}",
                "{\"goal\":\"dummy\",\"strategy\":\"dummy\",\"audit_type\":\"ONESHOT\",\"parameters\":{\"para9\":4}}",
                "{\"goal\":\"dummy\",\"strategy\":\"dummy\",\"audit_type\":\"ONESHOT\",\"parameters\":[1]}",
                "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\",\"colour\":\"red\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\",\"state\":\"SUCCEEDED\"}",
                "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\",\"auto_trigger\":\"perhaps\"}",
                "{\"goal\":7,\"audit_type\":\"ONESHOT\"}",
                "{\"goal\":\"dummy\",\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\"}",
                "{\"goal\":\"cluster_maintaining\",\"strategy\":\"maintenance\",\"audit_type\":\"ONESHOT\"}",
                "[]",
                "7",
                "",
                "{",
                "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\"} more"
            })
    void anInvalidAuditIsRefusedAndNotCreated(String body) {
        int before = service.get("/v1/audits").body().path("audits").size();
        Answer answer = service.post("/v1/audits", body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.fault()).isNotBlank();
        assertThat(service.get("/v1/audits").body().path("audits")).hasSize(before);
    }

    @Test
    void aClientThatOffersHttp2WithItsFirstRequestIsAnswered() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(service.url("/v1/audits"))
                                .timeout(Duration.ofSeconds(20))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\"}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(201);
    }

    @Test
    void hugeAndDeepBodiesAreRefused() {
        assertThat(service.post("/v1/audits", "\"" + "x".repeat(2 << 20) + "\"").status())
                .isEqualTo(413);
        assertThat(service.post("/v1/audits", "[".repeat(500) + "]".repeat(500)).status())
                .isEqualTo(400);
    }

    @Test
    void patchesObeyTheStateMachine() {
        String audit = "/v1/audits/"
                + service.post("/v1/audits", "{\"goal\":\"dummy\",\"audit_type\":\"EVENT\"}")
                        .text("uuid");
        assertThat(service.patch(audit, replace("state", "SUCCEEDED")).fault())
                .isEqualTo("State transition not allowed: (PENDING -> SUCCEEDED)");
        assertThat(service.patch(audit, replace("state", "ASLEEP")).status()).isEqualTo(400);
        assertThat(service.patch(audit, replace("uuid", "7")).fault()).contains("internal attribute");
        assertThat(service.patch(audit, replace("goal", "7")).fault()).contains("not an allowed attribute");
        assertThat(service.patch(audit, "{}").status()).isEqualTo(400);
        assertThat(service.patch(audit, "[{\"op\":\"move\",\"path\":\"/state\"}]")
                        .status())
                .isEqualTo(400);
        assertThat(service.delete(audit).fault()).isEqualTo("Couldn't delete when state is 'PENDING'.");
        assertThat(service.patch(audit, replace("state", "CANCELLED")).text("state"))
                .isEqualTo("CANCELLED");
        assertThat(service.delete(audit).status()).isEqualTo(204);
    }

    private static String replace(String member, String value) {
        return "[{\"op\":\"replace\",\"path\":\"/%s\",\"value\":\"%s\"}]".formatted(member, value);
    }

    @Test
    void actionsOfARecommendedPlanCanBeSkipped() {
        String audit = service.post("/v1/audits", "{\"goal\":\"dummy\",\"audit_type\":\"ONESHOT\"}")
                .text("uuid");
        JsonNode plans = service.until(
                "/v1/action_plans?audit_uuid=" + audit,
                body -> body.path("action_plans").size() == 1);
        String plan = plans.path("action_plans").get(0).path("uuid").asText();
        JsonNode actions = service.get("/v1/actions?audit_uuid=" + audit).body().path("actions");
        assertThat(actions).hasSize(3);
        assertThat(service.get("/v1/actions?audit_uuid=%s&action_plan_uuid=%s".formatted(audit, plan))
                        .status())
                .isEqualTo(400);

        String sleep = "/v1/actions/" + actions.get(2).path("uuid").asText();
        String skip = "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"SKIPPED\"},"
                + "{\"op\":\"replace\",\"path\":\"/status_message\",\"value\":\"no time\"}]";
        assertThat(service.call("PATCH", sleep, skip, "1.4").status()).isEqualTo(400);
        assertThat(service.patch(sleep, skip).text("status_message"))
                .isEqualTo("Action skipped by user. Reason: no time");
        assertThat(service.patch(sleep, replace("state", "PENDING")).fault())
                .isEqualTo("State transition not allowed: (SKIPPED -> PENDING)");
        String first = "/v1/actions/" + actions.get(0).path("uuid").asText();
        assertThat(service.patch(first, replace("state", "ASLEEP")).status()).isEqualTo(400);
        assertThat(service.patch(first, replace("state", "SUCCEEDED")).status()).isEqualTo(409);
        assertThat(service.patch(first, replace("status_message", "why")).status())
                .isEqualTo(409);

        assertThat(service.patch("/v1/action_plans/" + plan, replace("state", "PENDING"))
                        .status())
                .isEqualTo(200);
        JsonNode ended = service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");
        assertThat(ended.path("status_message").asText()).isEqualTo("One or more actions were skipped.");
        assertThat(service.patch(first, skip).fault())
                .isEqualTo("State transition not allowed: (SUCCEEDED -> SKIPPED)");
        assertThat(service.patch(sleep, skip.replace("no time", "no time, nor need"))
                        .text("status_message"))
                .isEqualTo("Action skipped by user. Reason: no time, nor need");
        assertThat(service.delete("/v1/action_plans/" + plan).status()).isEqualTo(204);
        assertThat(service.get(sleep).status()).isEqualTo(404);
    }

    @Test
    void strategiesReportTheirStateAndTheClusterItsModel() {
        JsonNode state = service.get("/v1/strategies/hotspot_mitigation/state").body();
        assertThat(state.findValuesAsText("type")).containsExactly("Datasource", "Metrics", "CDM", "Name");
        JsonNode rows =
                service.get("/v1/data_model?data_model_type=compute").body().path("context");
        assertThat(rows.findValuesAsText("node_hostname")).containsExactly("h1", "h2");
        assertThat(rows.findValuesAsText("server_name")).containsExactly("a");
        assertThat(service.get("/v1/data_model?data_model_type=storage").status())
                .isEqualTo(404);
    }

    @Test
    void namesAreComparedWithoutCase() {
        JsonNode goal = service.get("/v1/goals/DUMMY").body();
        assertThat(goal.path("name").asText()).isEqualTo("dummy");
        String uuid = goal.path("uuid").asText();
        assertThat(service.get("/v1/goals/" + uuid.toUpperCase(java.util.Locale.ROOT))
                        .text("name"))
                .isEqualTo("dummy");
        assertThat(service.get("/v1/strategies/Hotspot_Mitigation").text("name"))
                .isEqualTo("hotspot_mitigation");
        Answer audit = service.post(
                "/v1/audits", "{\"name\":\"loud\",\"goal\":\"DUMMY\",\"strategy\":\"Dummy\",\"audit_type\":\"EVENT\"}");
        assertThat(audit.text("strategy_name")).isEqualTo("dummy");
        assertThat(service.get("/v1/audits?goal=Dummy").body().path("audits").findValuesAsText("uuid"))
                .contains(audit.text("uuid"));
    }

    @Test
    void aScoringEngineHasNoTimes() {
        List<String> names = new ArrayList<>();
        service.get("/v1/scoring_engines/DUMMY_SCORER").body().fieldNames().forEachRemaining(names::add);
        assertThat(names).containsExactlyInAnyOrder("uuid", "name", "description", "metainfo", "links");
    }

    @Test
    void missingObjectsAreNotFound() {
        for (String path : List.of(
                "/v1/goals/none",
                "/v1/strategies/none",
                "/v1/scoring_engines/none",
                "/v1/services/99",
                "/v1/audits/none",
                "/v1/audit_templates/none",
                "/v1/action_plans/00000000-0000-0000-0000-000000000000",
                "/v1/actions/00000000-0000-0000-0000-000000000000",
                "/v1/nothing")) {
            Answer answer = service.get(path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.fault()).as(path).isNotBlank();
        }
    }
}
