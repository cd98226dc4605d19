package io.github.godwit.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A migration with real QEMU that copies no pages into its sockets. The kernel copies them on loopback all the same. */
@Timeout(120)
class ZeroCopyIT {

    @Test
    void aVmMovesByMultifdWithoutCopies(@TempDir Path directory) throws Exception {
        Path guest = Path.of(System.getProperty("godwit.guest"));
        TwoHostDrivers hosts = TwoHostDrivers.withoutCopies(directory, guest.getParent());
        try {
            hosts.boot("vm", guest.getFileName().toString(), "touched=64 ws=16 dirty=8192 cpu=200");

            JsonNode status = hosts.await(hosts.migrate("vm", "\"technique\": \"MULTIFD\""));

            assertThat(status.path("phase").asText())
                    .as(status.toPrettyString())
                    .isEqualTo("COMPLETED");
            JsonNode outcome = status.path("outcome");
            assertThat(outcome.path("migrationCase")
                            .path("tuning")
                            .path("zeroCopy")
                            .asBoolean())
                    .isTrue();
            assertThat(outcome.path("heartbeatsLost").asInt()).isBetween(0, 1);
            hosts.stop("vm");
        } finally {
            hosts.close();
        }
    }
}
