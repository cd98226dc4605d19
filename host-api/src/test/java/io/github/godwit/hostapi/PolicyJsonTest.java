package io.github.godwit.hostapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.model.predict.Metric;
import io.github.godwit.model.select.PolicySet;
import io.github.godwit.model.select.PostCopyUse;
import io.github.godwit.model.select.Slo;
import io.github.godwit.model.select.SloPolicy;
import io.github.godwit.model.select.TechniqueRule;
import io.github.godwit.model.select.TechniqueTerms;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.traffic.TrafficClasses;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Policies on the wire have the form of the policies file. */
class PolicyJsonTest {

    private final ObjectMapper json = WireJson.strictMapper();

    private static final SloPolicy STRICT = new SloPolicy(
            "strict",
            2,
            "hotspot",
            List.of(new Slo(Metric.DOWNTIME, 500, 1)),
            Map.of(Metric.TOTAL_TIME, 1.0),
            new TechniqueTerms(Set.of(Technique.PRE_COPY, Technique.ZSTD), Set.of(), PostCopyUse.IF_NEEDED));

    @Test
    void aPolicyHasTheFormOfTheFile() throws JsonProcessingException {
        String text = json.writeValueAsString(STRICT);

        assertThat(text)
                .isEqualTo("{\"name\":\"strict\",\"version\":2,\"scenario\":\"hotspot\","
                        + "\"slos\":[{\"metric\":\"DT\",\"threshold\":500.0,\"weight\":1.0}],\"optimize\":{\"TT\":1.0},"
                        + "\"allow_techniques\":[\"PRE\",\"DCZstd\"],\"postcopy\":\"if_needed\"}");
        assertThat(json.readValue(text, SloPolicy.class)).isEqualTo(STRICT);
    }

    @Test
    void aPolicyWithoutTermsHasTheFormThatItAlwaysHad() throws JsonProcessingException {
        assertThat(json.writeValueAsString(PolicySet.shipped().policy("save_traffic")))
                .isEqualTo(
                        "{\"name\":\"save_traffic\",\"scenario\":\"consolidation\","
                                + "\"slos\":[{\"metric\":\"PERF\",\"threshold\":0.5,\"weight\":1.0}],\"optimize\":{\"TD\":1.0}}");
    }

    @Test
    void aSetIsReadAsItWasWritten() throws JsonProcessingException {
        PolicySet set = new PolicySet(
                4,
                Instant.parse("2026-03-01T12:00:00.250Z"),
                List.of(STRICT),
                List.of(new TechniqueRule(
                        TechniqueRule.Scope.AGGREGATE,
                        "ssd",
                        Set.of("h1", "h2"),
                        Set.of(),
                        Set.of(Technique.POST_COPY))));

        assertThat(json.readValue(json.writeValueAsString(set), PolicySet.class))
                .isEqualTo(set);
    }

    @Test
    void aKeyThatIsNotUnderstoodIsAnErrorForEveryReader() {
        assertThatThrownBy(() -> WireJson.mapper()
                        .readValue(
                                "{\"name\":\"a\",\"scenario\":\"s\",\"slos\":[],\"optimize\":{\"TT\":1},\"night_only\":true}",
                                SloPolicy.class))
                .hasMessageContaining("unknown key 'night_only'");
    }

    @Test
    void whatOlderHostDriversDoNotKnowIsLeftOut() throws JsonProcessingException {
        MigrationRequest request = MigrationRequest.of("web", URI.create("http://h2:9622"))
                .technique(Technique.PRE_COPY)
                .policy("strict")
                .build();
        assertThat(json.writeValueAsString(request)).doesNotContain("policyBody");

        MigrationRequest carrying = MigrationRequest.of("web", request.destination())
                .policy("strict")
                .policyBody(STRICT)
                .build();
        assertThat(json.readValue(json.writeValueAsString(carrying), MigrationRequest.class))
                .isEqualTo(carrying);
    }

    @Test
    void aRequestCarriesThePolicyThatItNames() {
        assertThatThrownBy(() -> MigrationRequest.of("web", URI.create("http://h2:9622"))
                        .policy("other")
                        .policyBody(STRICT)
                        .build())
                .hasMessageContaining("is of policy 'strict', but the policy is 'other'");
    }

    @Test
    void trafficClassesThatShipAreLeftOutForOlderPeers() throws JsonProcessingException {
        PolicySet set = PolicySet.of(4, Instant.EPOCH, List.of(STRICT));

        assertThat(json.writeValueAsString(set)).doesNotContain("trafficClasses");
        assertThat(json.readValue(json.writeValueAsString(set), PolicySet.class))
                .isEqualTo(set);
    }

    @Test
    void trafficClassesHaveTheFormOfTheirFile() throws JsonProcessingException {
        PolicySet set = PolicySet.of(4, Instant.EPOCH, List.of(STRICT))
                .with(new TrafficClasses(2, TrafficClasses.shipped().types(), List.of()));
        String text = json.writeValueAsString(set);

        assertThat(text).contains("\"trafficClasses\":{\"version\":2,\"traffic_classes\":[{\"name\":\"archival_idle\"");
        assertThat(json.readValue(text, PolicySet.class)).isEqualTo(set);
        assertThatThrownBy(() -> json.readValue(text.replace("\"mixed\"", "\"both\""), PolicySet.class))
                .hasMessageContaining("There is no traffic 'both'");
    }

    @Test
    void aHostDriverThatReportsNoTrafficClassesKnowsNone() throws JsonProcessingException {
        PolicySetVersion older = json.readValue(
                "{\"version\":3,\"changedAt\":\"2026-03-01T12:00:00Z\",\"origin\":\"service\"}",
                PolicySetVersion.class);
        assertThat(older.trafficClasses()).isNull();
        assertThat(PolicySetVersion.of(PolicySet.shipped()).trafficClasses()).isZero();
    }
}
