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

/** Real migrations between two host drivers on loopback. {@code -Dgodwit.guest} names the guest's kernel. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MigrationIT {

    private static final String QUIET = "touched=64 ws=16 dirty=8192 cpu=200";
    private static final String LARGE = "touched=200 ws=200 dirty=100000 cpu=200";

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

    @ParameterizedTest
    @ValueSource(strings = {"PRE", "POST", "PRE-POST", "THR", "DCdlt", "DCZstd", "DCZlib", "MULTIFD", "POST-PREEMPT"})
    void everyTechniqueOfThisQemuMovesTheVmIntact(String technique) throws Exception {
        movesTheVmIntact(technique);
    }

    @Test
    @NeedsKvm("dirty-limit")
    void dirtyLimitMovesTheVmIntact() throws Exception {
        movesTheVmIntact("DIRTY-LIMIT");
    }

    private void movesTheVmIntact(String technique) throws Exception {
        hosts.boot("vm", image, QUIET);

        Answer started = hosts.migrate("vm", "\"technique\": \"%s\"".formatted(technique));

        assertThat(started.status()).as(started.error()).isEqualTo(202);
        JsonNode status = hosts.await(started);
        JsonNode outcome = status.path("outcome");
        assertThat(status.path("phase").asText()).as(status.toPrettyString()).isEqualTo("COMPLETED");
        assertThat(outcome.path("measured").path("TD").asDouble()).isPositive();
        assertThat(outcome.path("measured").path("PERF").asDouble()).isPositive();
        assertThat(outcome.path("perfProxy").asDouble()).isBetween(0.01, 1.0);
        assertThat(outcome.path("vcpuTimes")
                        .path("destination")
                        .path("runSeconds")
                        .asDouble())
                .isPositive();
        assertThat(outcome.path("heartbeatsLost").asInt()).isBetween(0, 1);
        assertThat(stateOn(hosts.leftUrl())).isEqualTo("");
        assertThat(stateOn(hosts.rightUrl())).isEqualTo("running");
    }

    private String stateOn(String url) throws Exception {
        return hosts.get(url + "/v1/vms/vm").body().path("state").asText();
    }

    @Test
    void aMigrationThatDoesNotConvergeIsCancelledAtItsLimitAndTheVmStays() throws Exception {
        hosts.boot("vm", image, LARGE);

        JsonNode status = hosts.await(hosts.migrate("vm", "\"technique\": \"PRE\", \"timeLimit\": \"PT0.001S\""));

        assertThat(status.path("phase").asText()).as(status.toPrettyString()).isEqualTo("CANCELLED");
        assertThat(status.path("outcome").path("converged").asBoolean(true)).isFalse();
        assertThat(stateOn(hosts.leftUrl())).isEqualTo("running");
        assertThat(stateOn(hosts.rightUrl())).isEqualTo("");
    }

    @Test
    void aVmInAMigrationCanNeitherBeMigratedNorStopped() throws Exception {
        hosts.boot("vm", image, LARGE);
        Answer first = hosts.migrate("vm", "\"policy\": \"reduced_downtime\"");

        Answer second = hosts.migrate("vm", "\"technique\": \"PRE\"");
        Answer end = hosts.send("DELETE", hosts.leftUrl() + "/v1/vms/vm", null);

        String id = first.body().path("id").asText();
        assertThat(second.status()).isEqualTo(409);
        assertThat(second.error()).isEqualTo("VM 'vm' is in migration %s already. Wait for its end or cancel it.", id);
        assertThat(end.status()).isEqualTo(409);

        Answer cancelled = hosts.send("DELETE", hosts.leftUrl() + "/v1/migrations/" + id, null);
        assertThat(cancelled.status()).isEqualTo(202);
        assertThat(hosts.await(first).path("phase").asText()).isEqualTo("CANCELLED");
        assertThat(stateOn(hosts.leftUrl())).isEqualTo("running");
    }
}
