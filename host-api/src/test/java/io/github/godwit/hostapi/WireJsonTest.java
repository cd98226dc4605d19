package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.technique.TechniqueAvailability;
import io.github.godwit.model.unit.Bandwidth;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WireJsonTest {

    private final ObjectMapper json = WireJson.mapper();

    @Test
    void techniquesAreWrittenByTheirPaperNamesAndDurationsInIso8601() throws Exception {
        MigrationRequest request = MigrationRequest.of("web", URI.create("http://10.0.0.2:9622"))
                .technique(Technique.XBZRLE_ZLIB)
                .policy("save_traffic")
                .reservation(Bandwidth.ofMegabits(600))
                .timeLimit(Duration.ofSeconds(90))
                .downtimeLimit(Duration.ofMillis(200))
                .id(UUID.fromString("00000000-0000-0000-0000-000000000007"))
                .build();

        String text = json.writeValueAsString(request);

        assertThat(text)
                .isEqualTo("{\"vm\":\"web\",\"destination\":\"http://10.0.0.2:9622\",\"technique\":\"DCdlt-DCZlib\","
                        + "\"policy\":\"save_traffic\",\"reservation\":{\"bitsPerSecond\":600000000},"
                        + "\"timeLimit\":\"PT1M30S\",\"downtimeLimit\":\"PT0.2S\",\"observed\":null,\"decision\":null,"
                        + "\"id\":\"00000000-0000-0000-0000-000000000007\"}");
        assertThat(json.readValue(text, MigrationRequest.class)).isEqualTo(request);
    }

    @Test
    void techniquesAreKeysToo() throws Exception {
        TechniqueAvailability availability = new TechniqueAvailability(Map.of(Technique.ZLIB_ASYNC, "too new"));
        String text = json.writeValueAsString(availability);
        assertThat(text).isEqualTo("{\"unavailable\":{\"DCZlib-Async\":\"too new\"}}");
        assertThat(json.readValue(text, TechniqueAvailability.class)).isEqualTo(availability);
    }

    @Test
    void instantsAreIso8601AndUnknownPropertiesAreIgnored() throws Exception {
        String text = "{\"time\":\"2026-03-01T12:00:00Z\",\"phase\":\"POSTCOPY\",\"message\":\"m\",\"mood\":\"good\"}";
        assertThat(json.readValue(text, MigrationEvent.class))
                .isEqualTo(new MigrationEvent(Instant.parse("2026-03-01T12:00:00Z"), Phase.POSTCOPY, "m", null));
    }
}
