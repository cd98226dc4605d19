package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.access.AccessRules;
import io.github.godwit.strategy.access.RouteRule;
import io.github.godwit.strategy.service.Routes.Route;
import io.github.godwit.strategy.service.TestClient.Answer;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever changes something leaves a line that says who. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TrailTest {

    private static final String TRAIL = "/godwit/v1/trail";

    /** These compute and change nothing. */
    private static final Set<String> COMPUTE =
            Set.of("POST /godwit/v1/predictions", "POST /godwit/v1/strategies/{name}/solutions");

    /** These need no token, so that they need no rule. */
    private static final Set<String> PUBLIC =
            Set.of("GET /", "GET /ui/{file}", "GET /healthz", "GET /metrics", "POST /godwit/v1/session");

    private static final String CANCEL = "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"CANCELLED\"}]";

    private final FakeCloud cloud = FakeCloud.hot();
    private TestService service;
    private TestClient admin;

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    @BeforeAll
    void start() {
        service = new TestService(database().open(), cloud, "one", new NamedGuard());
        admin = service.as("admin");
    }

    @AfterAll
    void stop() {
        service.close();
    }

    private JsonNode lines(String query) {
        return admin.get(TRAIL + query).body().path("events");
    }

    private JsonNode latest() {
        return lines("?sort_dir=desc&limit=1").path(0);
    }

    static List<Route> routes() {
        return Routes.all();
    }

    static List<Route> changes() {
        return routes().stream()
                .filter(route -> route.writes() && !COMPUTE.contains(route.toString()))
                .toList();
    }

    @Test
    void theModelHasAllRoutes() {
        assertThat(routes()).hasSizeGreaterThan(60);
        assertThat(changes()).hasSizeGreaterThan(20);
        assertThat(routes()).map(Route::toString).containsAll(COMPUTE).containsAll(PUBLIC);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void everyRouteHasARule(Route route) {
        String name =
                RouteRule.of(route.method(), route.filled("x").substring(1)).name();
        assertThat(PUBLIC.contains(route.toString())
                        || AccessRules.SHIPPED.texts().containsKey(name))
                .as("%s has the rule %s, which policy.yaml lacks", route, name)
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("changes")
    void everyRouteThatChangesSomethingLeavesALineThatSaysWho(Route route) {
        String id = UUID.randomUUID().toString();
        boolean signIn = route.path().endsWith("/session");
        String body = signIn
                ? "{\"user\":\"ann\",\"password\":\"secret\",\"project\":\"p\"}"
                : "PATCH".equals(route.method()) ? CANCEL : "{}";
        String path = route.filled(id);

        Answer answer = admin.call(route.method(), path, "DELETE".equals(route.method()) ? null : body, "latest");

        JsonNode line = latest();
        assertThat(line.path("requestPath").asText()).isEqualTo(path);
        assertThat(line.at("/initiator/request_id").asText())
                .startsWith("req-")
                .isEqualTo(answer.headers().firstValue("X-Openstack-Request-Id").orElseThrow());
        assertThat(line.at("/initiator/name").asText()).isEqualTo(signIn ? "ann" : "admin");
        assertThat(line.at("/initiator/host/address").asText()).isEqualTo("127.0.0.1");
        assertThat(line.at("/reason/reasonCode").asInt()).isEqualTo(answer.status());
        assertThat(line.path("outcome").asText()).isEqualTo(answer.status() < 400 ? "success" : "failure");
        assertThat(line.path("action").asText()).isNotEqualTo("get");
        if (route.path().contains("{")) {
            assertThat(line.at("/target/id").asText()).contains(id);
        }
        if (!signIn) {
            assertThat(line.at("/initiator/id").asText()).isEqualTo("id-of-admin");
            assertThat(line.at("/initiator/project_id").asText()).isEqualTo("p1");
            assertThat(line.at("/initiator/roles")).hasToString("[\"admin\"]");
        }
        assertThat(line.toString()).doesNotContain("secret");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aSlashAtTheEndOfAPathHidesNothing(Route route) {
        String path = route.filled(UUID.randomUUID().toString()) + "/";

        Answer answer = admin.call(route.method(), path, "DELETE".equals(route.method()) ? null : "{}", "latest");

        JsonNode line = latest();
        assertThat(line.path("requestPath").asText()).isEqualTo(path);
        assertThat(line.at("/reason/reasonCode").asInt()).isEqualTo(answer.status());
    }

    @Test
    void whatAUserMayNotDoLeavesALineAndWhatAStrangerTriesDoesNot() {
        String before = latest().path("id").asText();
        assertThat(service.post("/v1/audits", "{}").status()).isEqualTo(401);
        assertThat(service.as("reader").get("/v1/audits").status()).isEqualTo(403);
        assertThat(admin.post("/godwit/v1/predictions", "{}").status()).isEqualTo(400);
        assertThat(admin.post("/v1/nothing", "{}").status()).isEqualTo(404);
        assertThat(latest().path("id").asText()).isEqualTo(before);

        assertThat(service.as("reader").post("/v1/audits", "{}").status()).isEqualTo(403);
        JsonNode line = latest();
        assertThat(line.at("/initiator/name").asText()).isEqualTo("reader");
        assertThat(line.at("/reason/reasonCode").asText()).isEqualTo("403");
        assertThat(service.as("reader").get(TRAIL).status()).isEqualTo(403);
    }

    private String summary(JsonNode line) {
        return "%s %s %s %s"
                .formatted(
                        line.path("action").asText(),
                        line.at("/target/typeURI").asText().replace("service/infra-optim/", ""),
                        line.at("/target/id").asText(),
                        line.path("outcome").asText());
    }

    private List<String> after(String marker) {
        List<String> summaries = new ArrayList<>();
        lines("?marker=" + marker).forEach(line -> summaries.add(summary(line)));
        return summaries;
    }

    private String mark() {
        admin.delete("/godwit/v1/policies/" + UUID.randomUUID());
        return latest().path("id").asText();
    }

    @Test
    void linesNameObjectsByTheirUuid() {
        String mark = mark();
        String audit = admin.post("/v1/audits", "{\"name\":\"on demand\",\"goal\":\"dummy\",\"audit_type\":\"EVENT\"}")
                .text("uuid");
        admin.patch("/v1/audits/on%20demand", "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"n\"}]");
        admin.patch("/v1/audits/n", CANCEL);
        admin.delete("/v1/audits/n");
        String template = admin.post("/v1/audit_templates", "{\"name\":\"t\",\"goal\":\"dummy\"}")
                .text("uuid");
        admin.delete("/v1/audit_templates/t");
        assertThat(after(mark))
                .containsExactly(
                        "create audit " + audit + " success",
                        "update audit " + audit + " success",
                        "stop/cancel audit " + audit + " success",
                        "delete audit " + audit + " success",
                        "create audit_template " + template + " success",
                        "delete audit_template " + template + " success");
    }

    @Test
    void theSwitchPoliciesAndSingleMigrationsAreInTheTrail() {
        String mark = mark();
        admin.call("PUT", "/godwit/v1/switch", "{\"enabled\":false,\"reason\":\"row 7\"}", "latest");
        admin.call("PUT", "/godwit/v1/switch", "{\"enabled\":true}", "latest");
        admin.call("PUT", "/godwit/v1/technique_rules/aggregate/ssd", "{\"forbid\":[\"POST\"]}", "latest");
        String migration = UUID.randomUUID().toString();
        String path = "/godwit/v1/hosts/h1/migrations/" + migration;
        admin.call("PUT", path, """
                {"migration_type":"live","resource_id":"web","source_node":"h1","destination_node":"h2","technique":"PRE"}""", "latest");
        admin.delete(path);
        assertThat(after(mark))
                .containsExactly(
                        "disable switch switch success",
                        "enable switch switch success",
                        "update technique_rule aggregate/ssd success",
                        "start migration " + migration + " success",
                        "stop/cancel migration " + migration + " success");
    }

    @Test
    void whatTheServiceDoesByItselfIsInTheTrailWithTheAuditAsReason() {
        String audit = admin.post("/v1/audits", """
                        {"audit_type":"ONESHOT","goal":"unclassified","strategy":"actuator","auto_trigger":true,"force":true,
                         "parameters":{"actions":[{"action_type":"nop","input_parameters":{"message":"m"}}]}}""").text("uuid");
        JsonNode plan = admin.until(
                        "/v1/action_plans?audit_uuid=" + audit,
                        body -> body.at("/action_plans/0/state").asText().equals("SUCCEEDED"))
                .at("/action_plans/0/uuid");
        JsonNode lines = admin.until(
                        TRAIL + "?target=" + plan.asText(),
                        body -> body.path("events").size() == 2)
                .path("events");
        assertThat(summary(lines.path(0))).isEqualTo("create action_plan %s success".formatted(plan.asText()));
        assertThat(summary(lines.path(1))).isEqualTo("start action_plan %s success".formatted(plan.asText()));
        for (JsonNode line : lines) {
            assertThat(line.at("/initiator/typeURI").asText()).isEqualTo("service/infra-optim");
            assertThat(line.at("/initiator/id").asText()).isEqualTo("one");
            assertThat(line.at("/reason/reasonCode").asText()).isEqualTo(audit);
        }
    }

    @Test
    void theTrailIsReadPageByPageAndByUserTargetAndTime() {
        String name = "p" + UUID.randomUUID();
        for (int i = 0; i < 3; i++) {
            service.as("reader").delete("/godwit/v1/policies/" + name);
        }
        admin.delete("/godwit/v1/policies/" + name);
        JsonNode first = admin.get(TRAIL + "?limit=2&target=" + name).body();
        assertThat(first.path("events")).hasSize(2);
        URI next = URI.create(first.path("next").asText());
        assertThat(lines("?" + next.getQuery())).hasSize(2);
        assertThat(lines("?user=admin&target=" + name)).hasSize(1);
        assertThat(lines("?user=id-of-reader&target=" + name)).hasSize(3);
        assertThat(lines("?since=2026-01-01T00:00:00&target=" + name)).hasSize(4);
        assertThat(lines("?since=9000-01-01T00:00:00&target=" + name)).isEmpty();
        assertThat(admin.get(TRAIL + "?sort_key=action").fault()).contains("Invalid sort key: action");
        assertThat(admin.get(TRAIL + "?marker=" + UUID.randomUUID()).status()).isEqualTo(404);
    }

    /** A path may contain what no database keeps. */
    @Test
    void noTextOfAClientBreaksTheTrail() {
        assertThat(admin.delete("/godwit/v1/policies/a%00b%ED%A0%80").status()).isEqualTo(400);
        assertThat(latest().at("/target/id").asText()).startsWith("a?b");
        String longName = "x".repeat(3000);
        assertThat(admin.delete("/godwit/v1/policies/" + longName).status()).isGreaterThanOrEqualTo(400);
        assertThat(latest().at("/target/id").asText()).hasSize(512);
    }
}
