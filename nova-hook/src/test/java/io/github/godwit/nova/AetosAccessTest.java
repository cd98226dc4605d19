package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.nova.AetosAccess.Choice;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Aetos that checks tokens as Keystone's middleware does, with recorded answers; {@code AetosIT} uses a real Keystone and Prometheus. */
@Timeout(30)
class AetosAccessTest {

    private static final String QUERY = "GET /prometheus/api/v1/query?query=up";
    private static final String ANSWER = """
            {"status": "success", "data": {"resultType": "vector", "result": [
              {"metric": {"__name__": "up", "instance": "h1:9100"}, "value": [1764500000.1, "1"]},
              {"metric": {"instance": "h2:9100"}, "value": [1764500000.1, "NaN"]},
              {"metric": {"instance": "h3:9100"}, "value": [1764500000.1, "-Inf"]}]}}""";

    private final FakeOpenStack cloud = new FakeOpenStack().with(QUERY, 200, ANSWER);

    @AfterEach
    void stop() {
        cloud.close();
    }

    private Prometheus aetos(Choice choice) {
        return new Prometheus(new AetosAccess(cloud.session(), choice), Duration.ofSeconds(5));
    }

    private Prometheus aetos() {
        return aetos(new Choice("public", null, null));
    }

    @Test
    void queriesGoToTheEndpointOfTheCatalogWithAToken() throws Exception {
        Prometheus aetos = aetos();
        assertThat(aetos.query("up"))
                .containsExactly(
                        new Prometheus.Sample(Map.of("instance", "h1:9100"), 1),
                        new Prometheus.Sample(Map.of("instance", "h2:9100"), Double.NaN),
                        new Prometheus.Sample(Map.of("instance", "h3:9100"), Double.NEGATIVE_INFINITY));
        aetos.query("up");
        assertThat(cloud.tokensIssued()).isEqualTo(1);
    }

    @Test
    void aTokenThatIsRefusedIsRenewedOnce() throws Exception {
        Prometheus aetos = aetos();
        aetos.query("up");
        cloud.endTokens();
        assertThat(aetos.query("up")).hasSize(3);
        assertThat(cloud.tokensIssued()).isEqualTo(2);
    }

    @Test
    void aNewTokenThatIsRefusedAsWellIsReported() {
        cloud.with(QUERY, 401, "{\"error\": {\"code\": 401, \"message\": \"The request requires authentication.\"}}");
        assertThatThrownBy(() -> aetos().query("up"))
                .isInstanceOf(PrometheusException.class)
                .hasMessageContaining("Aetos at ")
                .hasMessageEndingWith("'up': The request requires authentication."
                        + " The user of this service needs the role admin or service in its project.");
        assertThat(cloud.tokensIssued()).isEqualTo(2);
    }

    @Test
    void theReasonsOfAetosAreReported() {
        cloud.with(QUERY, 403, "{\"error_message\": {\"faultstring\": \"RBAC Authorization Failed\"}}");
        assertThatThrownBy(() -> aetos().query("up")).hasMessageContaining("'up': RBAC Authorization Failed. The user");
        cloud.with(QUERY, 400, "{\"error_message\": {\"faultstring\": \"[400] parse error\", \"debuginfo\": null}}");
        assertThatThrownBy(() -> aetos().query("up")).hasMessageEndingWith("'up': [400] parse error");
        cloud.with(QUERY, 500, "{\"error_message\": \"Internal Server Error\"}");
        assertThatThrownBy(() -> aetos().query("up")).hasMessageEndingWith("'up': Internal Server Error");
        cloud.with(QUERY, 200, "null");
        assertThatThrownBy(() -> aetos().query("up")).hasMessageEndingWith("'up': status 200 without a reason");
    }

    @Test
    void interfaceAndRegionChooseTheEndpoint() throws Exception {
        cloud.with("GET /prometheus/2/api/v1/query?query=up", 200, ANSWER.replace("\"h1:9100\"", "\"two\""));
        assertThat(aetos(new Choice("internal", "RegionTwo", null))
                        .query("up")
                        .get(0)
                        .labels())
                .containsEntry("instance", "two");
        assertThatThrownBy(() -> aetos(new Choice("internal", null, null)).query("up"))
                .isInstanceOf(PrometheusException.class)
                .hasMessageContaining(
                        "has endpoints of type metric-storage in several regions: RegionOne, RegionTwo. Configure one of them.");
        assertThatThrownBy(() -> aetos(new Choice("admin", "RegionOne", null)).query("up"))
                .hasMessageContaining("has no admin endpoint of type metric-storage in region RegionOne. Create it,");
    }

    @Test
    void aConfiguredUrlIsUsedInsteadOfTheCatalog() throws Exception {
        URI url = cloud.keystone().resolve("/prometheus/");
        assertThat(aetos(new Choice("admin", null, url)).query("up")).hasSize(3);
    }

    @Test
    void aKeystoneThatDoesNotAnswerIsReported() {
        cloud.with(FakeOpenStack.ISSUE_TOKEN, 503, "{}");
        assertThatThrownBy(() -> aetos().query("up"))
                .isInstanceOf(PrometheusException.class)
                .hasMessageStartingWith("Aetos cannot be asked 'up': ");
    }
}
