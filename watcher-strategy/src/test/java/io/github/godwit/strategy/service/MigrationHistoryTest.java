package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.strategy.service.TestClient.Answer;
import io.github.godwit.strategy.shadow.RecordedMigrations;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.store.Retention;
import java.time.Clock;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Migrations that have ended, and what a plan would change. */
class MigrationHistoryTest {

    private static final String HISTORY = "/godwit/v1/migrations";

    private TestService service;

    @BeforeEach
    void start() {
        service = new TestService(TestDatabase.memory().open(), FakeCloud.hot().ended(ObserveTest.observed()), "test");
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private JsonNode listed(String query) {
        return service.get(HISTORY + query).body().path("migrations");
    }

    @Test
    void predictedIsBesideMeasured() {
        JsonNode migration = service.until(
                        HISTORY, body -> !body.path("migrations").isEmpty())
                .path("migrations")
                .path(0);

        assertThat(migration.path("vm").asText()).isEqualTo("db");
        assertThat(migration.path("technique").asText()).isEqualTo("PRE");
        assertThat(migration.path("state").asText()).isEqualTo("COMPLETED");
        assertThat(migration.path("observed").asBoolean()).isTrue();
        assertThat(migration.at("/predicted/TT/value").asDouble()).isEqualTo(20_000);
        assertThat(migration.at("/measured/TT").asDouble()).isEqualTo(21_000);
    }

    @Test
    void whatWasRemovedBecauseItIsOldDoesNotComeBackFromTheHostDriversThatRememberIt() {
        Database database = TestDatabase.memory().open();
        FakeCloud cloud = FakeCloud.hot().ended(ObserveTest.observed());
        try (RecordedMigrations recorded = new RecordedMigrations(database, cloud, Clock.systemUTC())) {
            recorded.collect();
            assertThat(stored(database)).isEqualTo(1);

            Instant all = Instant.now().plusSeconds(60);
            database.jdbi()
                    .useTransaction(handle -> Retention.remove(handle, new Retention.Before(null, null, all, null)));
            recorded.collect();

            assertThat(stored(database)).isZero();
        }
    }

    private static int stored(Database database) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM outcomes")
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void itIsFiltered() {
        service.until(HISTORY, body -> !body.path("migrations").isEmpty());

        assertThat(listed("?vm=db&host=h2&technique=pre&state=completed&since=1h&limit=5"))
                .hasSize(1);
        for (String other : new String[] {"?vm=web", "?host=h3", "?technique=POST", "?state=FAILED"}) {
            assertThat(listed(other)).as(other).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "?technique=FAST | There is no technique 'FAST'. Choose one of PRE,",
                "?state=DONE | There is no state 'DONE'. Choose one of",
                "?since=week | Value: 'week'",
                "?limit=0 | Limit must be positive",
                "?sort_key=vm | Unknown argument: \"sort_key\"",
                "?colour=red | Unknown argument: \"colour\"",
            })
    void whatIsNotUnderstoodIsRefused(String query, String fault) {
        Answer answer = service.get(HISTORY + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.fault()).contains(fault);
    }

    @Test
    void aPlanSaysWhatItWouldChange() {
        service.post("/v1/audits", """
                {"goal": "workload_balancing", "strategy": "hotspot_mitigation", "audit_type": "ONESHOT", "name": "cool",
                 "parameters": {"samples": 1, "hot_samples": 1}}""");
        service.untilState("/v1/audits/cool", "SUCCEEDED");
        String plan = service.get("/v1/action_plans")
                .body()
                .at("/action_plans/0/uuid")
                .asText();
        String whatIf = "/godwit/v1/action_plans/%s/what_if".formatted(plan);

        JsonNode before = service.get(whatIf).body();
        assertThat(before.path("moves").asInt()).isEqualTo(1);
        assertThat(before.at("/hosts/0/name").asText()).isEqualTo("h1");
        assertThat(before.at("/hosts/0/now/cpu_load").asDouble()).isEqualTo(0.9);
        assertThat(before.at("/hosts/0/after/cpu_load").asDouble()).isEqualTo(0.5);
        assertThat(before.at("/hosts/1/now/vms").asInt()).isZero();
        assertThat(before.at("/hosts/1/after/vms").asInt()).isEqualTo(1);

        service.post("/v1/action_plans/%s/start".formatted(plan), "{}");
        service.untilState("/v1/action_plans/" + plan, "SUCCEEDED");

        JsonNode after = service.get(whatIf).body();
        assertThat(after.path("moves").asInt()).isZero();
        assertThat(after.at("/hosts/1/now")).isEqualTo(after.at("/hosts/1/after"));
        assertThat(service.get("/godwit/v1/action_plans/%s/what_if".formatted(new java.util.UUID(0, 0)))
                        .status())
                .isEqualTo(404);
    }
}
