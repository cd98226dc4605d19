package io.github.godwit.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
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

    private TwoAgents agents;
    private String image;

    @BeforeAll
    void startAgents(@TempDir Path directory) throws Exception {
        Path guest = Path.of(System.getProperty("godwit.guest"));
        image = guest.getFileName().toString();
        agents = new TwoAgents(directory, guest.getParent(), Optional.empty());
    }

    @AfterAll
    void stopAgents() throws Exception {
        agents.close();
    }

    private void boot(String name, String arguments) throws Exception {
        assertThat(agents.post(agents.leftUrl() + "/v1/vms", """
                                {"name": "%s", "memory": {"bytes": 268435456}, "vcpus": 1, "image": "%s",
                                 "kernelArguments": "%s", "accelerator": "KVM", "dirtyRingSize": 4096}""".formatted(name, image, arguments))
                        .status())
                .isEqualTo(201);
    }

    private JsonNode migrate(String name, String extra) throws Exception {
        TwoAgents.Answer started = agents.post(
                agents.leftUrl() + "/v1/migrations",
                "{\"vm\": \"%s\", \"destination\": \"%s\", %s}".formatted(name, agents.rightUrl(), extra));
        assertThat(started.status()).as(started.error()).isEqualTo(202);
        return await(started.body().path("id").asText());
    }

    private JsonNode await(String id) throws Exception {
        while (true) {
            JsonNode status =
                    agents.get(agents.leftUrl() + "/v1/migrations/" + id).body();
            if (!TwoAgents.endOf(status.path("phase").asText()).isEmpty()) {
                return status;
            }
            Thread.sleep(50);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PRE",
                "POST",
                "PRE-POST",
                "THR",
                "DCdlt",
                "DCZstd",
                "DCZlib",
                "MULTIFD",
                "POST-PREEMPT",
                "DIRTY-LIMIT"
            })
    void everyTechniqueOfThisQemuTakesTheVmToTheOtherHost(String technique) throws Exception {
        boot("vm", "touched=64 ws=16 dirty=8192 cpu=300");
        JsonNode status = migrate("vm", "\"technique\": \"%s\"".formatted(technique));
        assertThat(status.path("phase").asText()).as(status.toPrettyString()).isEqualTo("COMPLETED");
        assertThat(status.path("outcome").path("measured").path("TD").asDouble())
                .as(status.toPrettyString())
                .isPositive();
        assertThat(agents.get(agents.leftUrl() + "/v1/vms/vm").status()).isEqualTo(404);
        assertThat(agents.get(agents.rightUrl() + "/v1/vms/vm")
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("running");
        assertThat(agents.send("DELETE", agents.rightUrl() + "/v1/vms/vm", null).status())
                .isEqualTo(204);
    }

    @Test
    void aMigrationThatDoesNotConvergeIsCancelledAtItsLimitAndTheVmStays() throws Exception {
        boot("busy", "touched=200 ws=200 dirty=4000000 cpu=1000");
        JsonNode status = migrate("busy", "\"technique\": \"PRE\", \"timeLimit\": \"PT3S\"");
        assertThat(status.path("phase").asText()).as(status.toPrettyString()).isEqualTo("CANCELLED");
        assertThat(status.path("outcome").path("converged").asBoolean(true)).isFalse();
        assertThat(agents.get(agents.leftUrl() + "/v1/vms/busy")
                        .body()
                        .path("state")
                        .asText())
                .isEqualTo("running");
        assertThat(agents.get(agents.rightUrl() + "/v1/vms/busy").status()).isEqualTo(404);
        agents.send("DELETE", agents.leftUrl() + "/v1/vms/busy", null);
    }
}
