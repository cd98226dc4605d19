package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.trail.TrailLine;
import io.github.godwit.strategy.store.Database;
import io.github.godwit.strategy.trail.HostTrails;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What somebody has ordered from host drivers directly. */
class HostTrailsTest {

    private static TrailLine line(String who, int status) {
        return new TrailLine(
                UUID.randomUUID(),
                Instant.parse("2026-03-01T12:00:00Z"),
                "h1",
                "start",
                status < 400,
                "migration",
                "m-1",
                who,
                "10.0.0.7",
                "/v1/migrations",
                status);
    }

    @Test
    void itIsPartOfTheTrailOfTheService() {
        FakeCloud cloud = FakeCloud.hot().wrote(line("h2, 10.0.0.2", 403)).wrote(line("token", 202));
        try (TestService service = new TestService(TestDatabase.memory().open(), cloud, "test")) {
            JsonNode events = service.until(
                            "/godwit/v1/trail?target=m-1",
                            body -> body.path("events").size() == 2)
                    .path("events");

            JsonNode refused = events.path(0);
            assertThat(refused.at("/initiator/name").asText()).isEqualTo("h2, 10.0.0.2");
            assertThat(refused.at("/initiator/host/address").asText()).isEqualTo("10.0.0.7");
            assertThat(refused.path("outcome").asText()).isEqualTo("failure");
            assertThat(refused.at("/reason/reasonCode").asInt()).isEqualTo(403);
            assertThat(refused.at("/observer/name").asText()).isEqualTo("godwit-host");
            assertThat(refused.at("/observer/id").asText()).isEqualTo("godwit-host@h1");
            assertThat(events.at("/1/initiator/name").asText()).isEqualTo("token");
            assertThat(events.at("/1/outcome").asText()).isEqualTo("success");
        }
    }

    @Test
    void eachLineIsStoredOnce() {
        Database database = TestDatabase.memory().open();
        FakeCloud cloud = FakeCloud.hot().wrote(line("token", 202));
        try (HostTrails one = new HostTrails(database, cloud);
                HostTrails other = new HostTrails(database, cloud)) {
            one.collect();
            cloud.wrote(line("token", 202));
            other.collect();
            one.collect();
            one.collect();
        }
        int lines = database.jdbi()
                .withHandle(handle -> handle.createQuery("SELECT COUNT(*) FROM trail")
                        .mapTo(Integer.class)
                        .one());
        assertThat(lines).isEqualTo(2);
        database.close();
    }
}
