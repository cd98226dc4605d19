package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.MigrationRequest.Observation;
import io.github.godwit.hostapi.client.HostDriverClient;
import io.github.godwit.model.profile.HostProfile;
import io.github.godwit.model.profile.VmDefinition;
import io.github.godwit.model.profile.VmProfile;
import io.github.godwit.model.technique.MigrationTuning;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records of a newer release, which host drivers and service of this one meet during a rolling upgrade. */
class NewerRecordsTest {

    private static ObjectNode stored(String file) throws IOException {
        try (InputStream stored = NewerRecordsTest.class.getResourceAsStream("older/" + file)) {
            return (ObjectNode) WireJson.mapper().readTree(stored);
        }
    }

    /** Adds a member to every object of a tree. */
    private static void grow(JsonNode tree) {
        tree.forEach(NewerRecordsTest::grow);
        if (tree instanceof ObjectNode object) {
            object.putObject("mood").put("good", true);
        }
    }

    @Test
    void theClientIgnoresWhatItDoesNotKnowOfAnAnswer() throws IOException {
        ObjectNode answer = stored("host-status.json");
        HostStatus known = WireJson.mapper().treeToValue(answer, HostStatus.class);
        ObjectNode capabilities = (ObjectNode) answer.path("capabilities");
        capabilities
                .putObject("lacking")
                .put("TELEPORT", "needs QEMU 12.0 or newer")
                .put("MULTIFD", "lacks it");
        ((ObjectNode) capabilities.path("refused")).put("TELEPORT", "no");
        answer.putArray("refusals").addObject().put("technique", "TELEPORT").put("times", 1);
        ((ObjectNode) answer.path("profile")).put("mood", "good");
        answer.putObject("mood").put("good", true);

        try (FakeServer newer = new FakeServer()) {
            newer.when("GET /v1/host", exchange -> FakeServer.send(exchange, 200, answer.toString()));
            HostStatus read = HostDriverClient.of(newer.url(), null).host();
            assertThat(read.profile()).isEqualTo(known.profile());
            assertThat(read.capabilities().lacking()).containsOnlyKeys(Technique.MULTIFD);
            assertThat(read.capabilities().refused()).containsOnlyKeys(Technique.ZSTD);
            assertThat(read.refusals()).isEmpty();
        }
    }

    @Test
    void aHostDriverIgnoresWhatItDoesNotKnowOfAMeasurementOrAPrediction() throws IOException {
        ObjectMapper json = WireJson.strictMapper();
        Outcome outcome = WireJson.mapper().treeToValue(stored("outcome.json"), Outcome.class);
        MigrationRequest request = MigrationRequest.of(
                        outcome.migrationCase().vm().name(), URI.create("http://10.0.0.2:9622"))
                .technique(outcome.technique())
                .observed(new Observation(
                        outcome.migrationCase().vm(),
                        outcome.migrationCase().source(),
                        outcome.migrationCase().destination()))
                .decision(new MigrationDecision(
                        outcome.technique(), outcome.prediction(), "It is the best.", List.of(), Instant.EPOCH))
                .build();
        ObjectNode newer = json.valueToTree(request);
        for (JsonNode facts : List.of(
                newer.path("observed").path("vm"),
                newer.path("observed").path("source"),
                newer.path("observed").path("source").path("traffic"),
                newer.path("observed").path("destination"),
                newer.path("decision"),
                newer.path("decision").path("prediction"))) {
            ((ObjectNode) facts).putObject("mood").put("good", true);
        }
        grow(newer.path("observed").path("vm").path("dirtyCurve"));
        grow(newer.path("observed").path("vm").path("content"));

        assertThat(json.treeToValue(newer, MigrationRequest.class)).isEqualTo(request);
    }

    @Test
    void theDescriptionOfTheApiCanTellBoth() {
        assertThat(List.of(VmProfile.class, HostProfile.class, MigrationDecision.class))
                .allMatch(WireJson::ignoresUnknown);
        assertThat(List.of(MigrationRequest.class, MigrationTuning.class, VmDefinition.class))
                .noneMatch(WireJson::ignoresUnknown);
    }

    @Test
    void aHostDriverRefusesWhatItDoesNotKnowOfAnOrder() throws IOException {
        ObjectNode newer = stored("migration-request.json");
        newer.put("onlyAtNight", true);

        assertThatThrownBy(() -> WireJson.strictMapper().treeToValue(newer, MigrationRequest.class))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("onlyAtNight");
    }
}
