package io.github.godwit.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.TwoHostDrivers.Answer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real migrations by an operator's policies, on host drivers that got them from a service. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OperatorPoliciesIT {

    private static final String QUIET = "touched=64 ws=16 dirty=8192 cpu=200";

    /** One policy of the operator's own, and a shipped one that was edited. */
    private static final String SET = """
            {"version": 2, "changedAt": "2026-03-01T12:00:00Z", "rules": [], "policies": [
              {"name": "mine", "version": 5, "scenario": "test", "slos": [], "optimize": {"TT": 1},
               "allow_techniques": ["DCdlt"]},
              {"name": "ensure_performance", "version": 3, "scenario": "hotspot", "slos": [], "optimize": {"TT": 1},
               "allow_techniques": ["MULTIFD"], "postcopy": "never"}]}""";

    /** What a rollback sends: neither technique nor decision. */
    private static final String ROLLBACK = """
            "policy": "back", "policyBody": {"name": "back", "version": 1, "scenario": "test", "slos": [],
              "optimize": {"TT": 1}, "allow_techniques": ["PRE"]}""";

    private TwoHostDrivers hosts;
    private String image;

    @BeforeAll
    void startHostDrivers(@TempDir Path directory) throws Exception {
        Path guest = Path.of(System.getProperty("godwit.guest"));
        image = guest.getFileName().toString();
        hosts = new TwoHostDrivers(directory, guest.getParent());
    }

    @AfterEach
    void stopTheVm() throws Exception {
        hosts.stop("vm");
    }

    @AfterAll
    void stopHostDrivers() throws Exception {
        hosts.close();
    }

    private void moves(String more, String technique, String policy, int version) throws Exception {
        hosts.boot("vm", image, QUIET);
        Answer started = hosts.migrate("vm", more);
        assertThat(started.status()).as(started.error()).isEqualTo(202);

        JsonNode status = hosts.await(started);

        assertThat(status.path("phase").asText()).as(status.toPrettyString()).isEqualTo("COMPLETED");
        assertThat(status.path("technique").asText()).isEqualTo(technique);
        assertThat(status.path("policy").asText()).isEqualTo(policy);
        assertThat(status.path("policyVersion").asInt()).isEqualTo(version);
        assertThat(status.at("/outcome/policyVersion").asInt()).isEqualTo(version);
        hosts.stop("vm");
    }

    @Test
    void theOperatorsPoliciesHoldForEveryMigrationAndAfterARestart() throws Exception {
        assertThat(hosts.send("PUT", hosts.leftUrl() + "/v1/policies", SET).status())
                .isEqualTo(200);

        moves("\"policy\": \"mine\"", "DCdlt", "mine", 5);
        moves("\"policy\": \"ensure_performance\"", "MULTIFD", "ensure_performance", 3);
        moves(ROLLBACK, "PRE", "back", 1);

        hosts.restartLeft();

        assertThat(hosts.get(hosts.leftUrl() + "/v1/host").body().path("policies"))
                .hasToString(
                        "{\"version\":2,\"changedAt\":\"2026-03-01T12:00:00Z\",\"origin\":\"service\",\"trafficClasses\":0}");
        moves("\"policy\": \"mine\"", "DCdlt", "mine", 5);
    }
}
