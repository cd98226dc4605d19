package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Audits that run more than once, by schedule or by webhook, over REST, with a database. */
class RecurringAuditTest {

    /** Returns the database of the test; {@code DatabasesIT} runs the tests on other databases too. */
    TestDatabase database() {
        return TestDatabase.memory();
    }

    private TestService service() {
        return new TestService(database().open(), FakeCloud.hot(), "test");
    }

    @Test
    void aContinuousAuditRunsAgainAndReplacesWhatItRecommended() {
        try (TestService service = service()) {
            String body = """
                    {"goal":"workload_balancing","strategy":"hotspot_mitigation","audit_type":"CONTINUOUS","interval":"1",\
                    "parameters":{%s}}""".formatted("\"samples\":1,\"hot_samples\":1");
            String audit = service.post("/v1/audits", body).text("uuid");

            service.until(
                    "/v1/action_plans?audit_uuid=" + audit,
                    plans -> plans.path("action_plans").size() >= 3);
            List<String> states = service.get("/v1/action_plans?audit_uuid=" + audit)
                    .body()
                    .path("action_plans")
                    .findValuesAsText("state");
            assertThat(states.subList(0, states.size() - 1)).containsOnly("CANCELLED");
            assertThat(service.get("/v1/audits/" + audit).text("state")).isEqualTo("ONGOING");

            String cancel = "[{\"op\":\"replace\",\"path\":\"/state\",\"value\":\"CANCELLED\"}]";
            assertThat(service.patch("/v1/audits/" + audit, cancel).status()).isEqualTo(200);
            assertThat(service.delete("/v1/audits/" + audit).status()).isEqualTo(204);
            assertThat(service.get("/v1/audits/" + audit).status()).isEqualTo(404);
        }
    }

    @Test
    void anEventAuditWaitsForItsWebhook() {
        try (TestService service = service()) {
            String audit = service.post("/v1/audits", "{\"goal\":\"dummy\",\"audit_type\":\"EVENT\"}")
                    .text("uuid");
            assertThat(service.get("/v1/audits/" + audit).text("state")).isEqualTo("PENDING");

            for (int run = 1; run <= 2; run++) {
                assertThat(service.post("/v1/webhooks/" + audit, "{}").status()).isEqualTo(202);
                int plans = run;
                service.until(
                        "/v1/action_plans?audit_uuid=" + audit,
                        body -> body.path("action_plans").size() == plans);
            }
        }
    }

    @Test
    void webhooksThatArriveWhileTheAuditEndsAreAcceptedOrRefused() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try (TestService service = service()) {
            String audit = service.post("/v1/audits", "{\"goal\":\"dummy\",\"audit_type\":\"EVENT\"}")
                    .text("uuid");
            List<Callable<Integer>> calls = Collections.nCopies(
                    300, () -> service.post("/v1/webhooks/" + audit, "{}").status());
            Set<Integer> answers = new HashSet<>();
            for (Future<Integer> call : callers.invokeAll(calls)) {
                answers.add(call.get());
            }
            assertThat(answers).isSubsetOf(202, 400).contains(202);
            service.untilState("/v1/audits/" + audit, "SUCCEEDED");
        } finally {
            callers.shutdownNow();
        }
    }
}
