package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.model.Bandwidth;
import io.github.godwit.model.Technique;
import io.github.godwit.model.TechniqueAvailability;
import io.github.godwit.model.api.MigrationEvent;
import io.github.godwit.model.api.MigrationRequest;
import io.github.godwit.model.api.MigrationStatus.Phase;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireFormatTest {

    private final ObjectMapper json = WireFormat.mapper();

    @Test
    void techniquesGoByTheirPapersNameAndDurationsInIso8601() throws Exception {
        MigrationRequest request = new MigrationRequest(
                "web",
                URI.create("http://10.0.0.2:9622"),
                Technique.DCDLT_DCZLIB,
                "save_traffic",
                Bandwidth.ofMegabits(600),
                Duration.ofSeconds(90),
                Duration.ofMillis(200),
                null,
                UUID.fromString("00000000-0000-0000-0000-000000000007"));

        String text = json.writeValueAsString(request);

        assertThat(text)
                .isEqualTo("{\"vm\":\"web\",\"destination\":\"http://10.0.0.2:9622\",\"technique\":\"DCdlt-DCZlib\","
                        + "\"policy\":\"save_traffic\",\"reservation\":{\"bitsPerSecond\":600000000},"
                        + "\"timeLimit\":\"PT1M30S\",\"downtimeLimit\":\"PT0.2S\",\"observed\":null,"
                        + "\"id\":\"00000000-0000-0000-0000-000000000007\"}");
        assertThat(json.readValue(text, MigrationRequest.class)).isEqualTo(request);
    }

    @Test
    void techniquesAreKeysToo() throws Exception {
        TechniqueAvailability availability = new TechniqueAvailability(Map.of(Technique.DCZLIB_ASYNC, "too new"));
        String text = json.writeValueAsString(availability);
        assertThat(text).isEqualTo("{\"unavailable\":{\"DCZlib-Async\":\"too new\"}}");
        assertThat(json.readValue(text, TechniqueAvailability.class)).isEqualTo(availability);
    }

    @Test
    void instantsAreIso8601AndANewerAgentMaySayMore() throws Exception {
        String text = "{\"time\":\"2026-03-01T12:00:00Z\",\"phase\":\"POSTCOPY\",\"message\":\"m\",\"mood\":\"good\"}";
        assertThat(json.readValue(text, MigrationEvent.class))
                .isEqualTo(new MigrationEvent(Instant.parse("2026-03-01T12:00:00Z"), Phase.POSTCOPY, "m", null));
    }
}
