package io.github.godwit.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.TwoHostDrivers.Answer;
import io.github.godwit.host.fixtures.NeedsKvm;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real migrations between two agents on loopback. The guest's kernel is named by {@code -Dgodwit.guest}. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationIT {

    private static final String QUIET = "touched=64 ws=16 dirty=8192 cpu=200";
    private static final String LARGE = "touched=200 ws=200 dirty=100000 cpu=200";

    private TwoHostDrivers agents;
    private String image;

    @BeforeAll
    void startAgents(@TempDir Path directory) throws Exception {
        Path guest = Path.of(System.getProperty("godwit.guest"));
        image = guest.getFileName().toString();
        agents = new TwoHostDrivers(directory, guest.getParent());
    }

    @AfterEach
    void endTheVm() throws Exception {
        agents.end("vm");
    }

    @AfterAll
    void stopAgents() throws Exception {
        agents.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRE", "POST", "PRE-POST", "THR", "DCdlt", "DCZstd", "DCZlib", "MULTIFD", "POST-PREEMPT"})
    void everyTechniqueOfThisQemuTakesTheVmWholeToTheOtherHost(String technique) throws Exception {
        takesTheVmWholeToTheOtherHost(technique);
    }

    @Test
    @NeedsKvm("dirty-limit")
    void dirtyLimitTakesTheVmWholeToTheOtherHost() throws Exception {
        takesTheVmWholeToTheOtherHost("DIRTY-LIMIT");
    }

    private void takesTheVmWholeToTheOtherHost(String technique) throws Exception {
        agents.boot("vm", image, QUIET);

        Answer started = agents.migrate("vm", "\"technique\": \"%s\"".formatted(technique));

        assertThat(started.status()).as(started.error()).isEqualTo(202);
        JsonNode status = agents.await(started);
        JsonNode outcome = status.path("outcome");
        assertThat(status.path("phase").asText()).as(status.toPrettyString()).isEqualTo("COMPLETED");
        assertThat(outcome.path("measured").path("TD").asDouble()).isPositive();
        assertThat(outcome.path("measured").path("PERF").asDouble()).isPositive();
        assertThat(outcome.path("heartbeatsLost").asInt()).isBetween(0, 1);
        assertThat(stateOn(agents.leftUrl())).isEqualTo("");
        assertThat(stateOn(agents.rightUrl())).isEqualTo("running");
    }

    private String stateOn(String url) throws Exception {
        return agents.get(url + "/v1/vms/vm").body().path("state").asText();
    }

    @Test
    void aMigrationThatDoesNotConvergeIsCancelledAtItsLimitAndTheVmStays() throws Exception {
        agents.boot("vm", image, LARGE);

        JsonNode status = agents.await(agents.migrate("vm", "\"technique\": \"PRE\", \"timeLimit\": \"PT0.001S\""));

        assertThat(status.path("phase").asText()).as(status.toPrettyString()).isEqualTo("CANCELLED");
        assertThat(status.path("outcome").path("converged").asBoolean(true)).isFalse();
        assertThat(stateOn(agents.leftUrl())).isEqualTo("running");
        assertThat(stateOn(agents.rightUrl())).isEqualTo("");
    }

    @Test
    void oneVmIsInOneMigrationAtATimeAndCannotBeEndedMeanwhile() throws Exception {
        agents.boot("vm", image, LARGE);
        Answer first = agents.migrate("vm", "\"policy\": \"reduced_downtime\"");

        Answer second = agents.migrate("vm", "\"technique\": \"PRE\"");
        Answer end = agents.send("DELETE", agents.leftUrl() + "/v1/vms/vm", null);

        String id = first.body().path("id").asText();
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.error()).isEqualTo("VM 'vm' is in migration %s already. Wait for its end or cancel it.", id);
        assertThat(end.status()).isEqualTo(409);

        Answer cancelled = agents.send("DELETE", agents.leftUrl() + "/v1/migrations/" + id, null);
        assertThat(cancelled.status()).isEqualTo(202);
        assertThat(agents.await(first).path("phase").asText()).isEqualTo("CANCELLED");
        assertThat(stateOn(agents.leftUrl())).isEqualTo("running");
    }
}
