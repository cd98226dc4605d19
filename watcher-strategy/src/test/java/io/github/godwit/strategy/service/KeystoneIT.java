package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.service.TestClient.Answer;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Authorization with Debian's Keystone. */
@ExtendWith(KeystoneServer.Shared.class)
class KeystoneIT {

    private static final String SOMETHING = "5f1ab8e6-3d1b-4bb5-a0a5-0d7ff4a0c6a1";

    private static KeystoneServer keystone;
    private static TestService service;
    private static TestClient viewer;

    @BeforeAll
    static void start(KeystoneServer shared) throws Exception {
        keystone = shared;
        service = new TestService(
                TestDatabase.memory().open(), new FakeCloud(DrawnCluster.draw("host h1")), "test", shared.guard());
        viewer = service.as(shared.token("viewer"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1, version:get_all",
        "GET, /v1/goals, goal:get_all",
        "GET, /v1/goals/detail, goal:detail",
        "GET, /v1/goals/dummy, goal:get",
        "GET, /v1/strategies, strategy:get_all",
        "GET, /v1/strategies/dummy/state, strategy:state",
        "GET, /v1/scoring_engines, scoring_engine:get_all",
        "GET, /v1/services, service:get_all",
        "GET, /v1/audit_templates, audit_template:get_all",
        "POST, /v1/audit_templates, audit_template:create",
        "DELETE, /v1/audit_templates/x, audit_template:delete",
        "GET, /v1/audits/detail, audit:detail",
        "POST, /v1/audits, audit:create",
        "PATCH, /v1/audits/x, audit:update",
        "DELETE, /v1/audits/x, audit:delete",
        "GET, /v1/action_plans, action_plan:get_all",
        "PATCH, /v1/action_plans/x, action_plan:update",
        "POST, /v1/action_plans/x/start, action_plan:start",
        "DELETE, /v1/action_plans/x, action_plan:delete",
        "GET, /v1/actions, action:get_all",
        "PATCH, /v1/actions/x, action:update",
        "GET, /v1/data_model, data_model:get_all",
        "POST, /v1/webhooks/x, webhook:trigger",
        "GET, /godwit/v1/policies, policy:get_all",
        "PUT, /godwit/v1/policies/x, policy:update",
        "DELETE, /godwit/v1/policies/x, policy:delete",
        "GET, /godwit/v1/hosts, host:get_all",
        "POST, /godwit/v1/predictions, prediction:create",
        "POST, /godwit/v1/strategies/dummy/solutions, solution:create",
        "PUT, /godwit/v1/hosts/h1/migrations/x, migration:start",
        "DELETE, /godwit/v1/hosts/h1/migrations/x, migration:cancel",
        "PUT, /godwit/v1/switch, switch:update",
        "GET, /godwit/v1/trail, trail:get_all",
        "GET, /godwit/v1/outcomes, outcome:get_all",
        "GET, /godwit/v1/events, event:get_all",
        "GET, /godwit/v1/openapi.json, openapi:get_all"
    })
    void everyRouteNeedsATokenAndARole(String method, String path, String rule) {
        String body = List.of("GET", "DELETE").contains(method) ? null : "{}";
        Answer stranger = service.call(method, path, body, "latest");
        assertThat(stranger.status()).isEqualTo(401);
        assertThat(stranger.headers().firstValue("WWW-Authenticate"))
                .contains("Keystone uri=\"%s\"".formatted(keystone.url()));
        assertThat(stranger.body().path("error").path("title").asText()).isEqualTo("Unauthorized");

        Answer refused = viewer.call(method, path, body, "latest");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.fault()).isEqualTo("Policy doesn't allow %s to be performed.".formatted(rule));
    }

    @Test
    void publicRoutesNeedNoToken() {
        for (String path : List.of("/", "/healthz", "/ui/godwit.js", "/metrics")) {
            assertThat(service.status(path)).as(path).isEqualTo(200);
        }
    }

    @Test
    void invalidTokensAreRejected() throws Exception {
        String revoked = keystone.token("admin");
        keystone.revoke(revoked);
        String valid = keystone.token("admin");
        String changed = valid.substring(0, valid.length() - 4) + "AAAA";
        for (String token : List.of(
                "x",
                "{}",
                "../users",
                "a".repeat(9000),
                "gAAAAAB" + "k".repeat(180),
                changed,
                revoked,
                keystone.expiredToken())) {
            int status = service.as(token).get("/v1/audits").status();
            assertThat(status).as(token).isEqualTo(401);
        }
        assertThat(service.as(valid).get("/v1/audits").status()).isEqualTo(200);
    }

    @Test
    void servicesMayTriggerWebhooksAndNothingElse() throws Exception {
        TestClient alarms = service.as(keystone.token("alarms"));
        assertThat(alarms.post("/v1/webhooks/" + SOMETHING, "{}").status()).isEqualTo(404);
        assertThat(alarms.get("/v1/audits").status()).isEqualTo(403);
    }

    @Test
    void aPasswordIsExchangedForAToken() {
        String credentials = "{\"user\": \"admin\", \"password\": \"%s\", \"project\": \"service\"}";
        Answer session = service.post("/godwit/v1/session", credentials.formatted(KeystoneServer.PASSWORD));
        assertThat(session.status()).isEqualTo(201);
        assertThat(service.as(session.text("token")).get("/godwit/v1/hosts").status())
                .isEqualTo(200);
        Answer wrong = service.post("/godwit/v1/session", credentials.formatted("guessed"));
        assertThat(wrong.status()).isEqualTo(403);
        assertThat(wrong.fault())
                .isEqualTo("Keystone rejected user admin: the name, password, project or domain is wrong.");
        assertThat(service.as(null)
                        .post("/godwit/v1/session", "{\"user\": \"admin\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void withoutKeystoneRequestsAreUnavailable() {
        for (var guard : List.of(
                KeystoneServer.guard(
                        URI.create("http://127.0.0.1:%d/v3".formatted(Daemon.freePort())), KeystoneServer.PASSWORD),
                KeystoneServer.guard(keystone.url(), "wrong"))) {
            try (TestService alone = new TestService(
                    TestDatabase.memory().open(), new FakeCloud(DrawnCluster.draw("host h1")), "alone", guard)) {
                Answer answer = alone.as("a-token-of-nobody".repeat(2)).get("/v1/audits");
                assertThat(answer.status()).isEqualTo(503);
                assertThat(answer.fault()).startsWith("Keystone does not answer");
            }
        }
    }
}
