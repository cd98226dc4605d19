package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.cluster.HostDriverCloud;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A planned move is profiled, predicted and decided once: what the plan knows travels with the order to the source's host driver. */
class DecidedOnceTest {

    private static final String AUDIT =
            "{\"goal\":\"workload_balancing\",\"strategy\":\"hotspot_mitigation\",\"audit_type\":\"ONESHOT\","
                    + "\"auto_trigger\":true,\"parameters\":{\"samples\":1,\"hot_samples\":1}}";

    @Test
    void theSourceIsAskedForOneProfileAndGetsWhatThePlanKnows() {
        try (FakeHostDriver h1 = new FakeHostDriver("host h1 cpu=0.9\n vm a memory=256 cores=0.8");
                FakeHostDriver h2 = new FakeHostDriver("host h2 cpu=0.1");
                TestService service = new TestService(
                        TestDatabase.memory().open(), new HostDriverCloud(List.of(h1.client(), h2.client())), "test")) {
            String audit = service.post("/v1/audits", AUDIT).text("uuid");
            service.untilState("/v1/audits/" + audit, "SUCCEEDED");
            JsonNode plans = service.until(
                    "/v1/action_plans?audit_uuid=" + audit,
                    body -> "SUCCEEDED"
                            .equals(body.path("action_plans")
                                    .path(0)
                                    .path("state")
                                    .asText()));
            JsonNode input = service.get("/v1/actions/detail?action_plan_uuid="
                            + plans.path("action_plans").get(0).path("uuid").asText())
                    .body()
                    .path("actions")
                    .get(0)
                    .path("input_parameters");

            assertThat(h1.profiled()).containsExactly("a");
            assertThat(h2.profiled()).isEmpty();
            assertThat(h1.requests()).hasSize(1);
            MigrationRequest order = h1.requests().get(0);
            assertThat(order.observed().vm().name()).isEqualTo("a");
            assertThat(order.observed().source().name()).isEqualTo("h1");
            assertThat(order.observed().destination().name()).isEqualTo("h2");
            assertThat(order.decision().technique()).isEqualTo(order.technique());
            assertThat(order.decision().reason())
                    .isEqualTo(input.path("reason").asText())
                    .contains("h1 is hot");
            assertThat(order.decision().alternatives()).hasSameSizeAs(input.path("alternatives"));
            assertThat(order.decision().prediction().estimates()).hasSize(6);
        }
    }
}
