package io.github.godwit.host;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.godwit.host.TwoHostDrivers.Answer;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real QEMUs whose monitors respond late or not at all, or that end, as on an overloaded host. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlowMonitorIT {

    private static final String WORK = "touched=64 ws=16 dirty=8192 cpu=200";
    private static final String BY_POLICY = "\"policy\": \"ensure_performance\"";

    private TwoHostDrivers hosts;
    private String image;

    @BeforeAll
    void startHostDrivers(@TempDir Path directory) throws Exception {
        Path qemu = directory.resolve("qemu-with-monitor");
        try (InputStream script = getClass().getResourceAsStream("/qemu-with-monitor")) {
            Files.copy(script, qemu);
        }
        Files.setPosixFilePermissions(qemu, PosixFilePermissions.fromString("rwx------"));
        Path guest = Path.of(System.getProperty("godwit.guest"));
        image = guest.getFileName().toString();
        hosts = new TwoHostDrivers(directory, guest.getParent(), qemu.toString());
    }

    @AfterAll
    void stopHostDrivers() throws Exception {
        hosts.close();
    }

    @Test
    void aVmWhoseMonitorNeedsThreeSecondsPerCommandIsProfiledWithoutItAndMigrated() throws Exception {
        hosts.boot("slow-vm", image, WORK);

        JsonNode status = hosts.await(hosts.migrate("slow-vm", BY_POLICY));

        JsonNode outcome = status.path("outcome");
        assertThat(status.path("phase").asText()).as(status.toPrettyString()).isEqualTo("COMPLETED");
        assertThat(outcome.path("migrationCase").path("vm").path("dirtySource").asText())
                .isEqualTo("SAMPLED_READS");
        assertThat(outcome.path("reason").asText())
                .contains("How much it writes is an estimate from reading a sample of its memory several times.");
    }

    @Test
    void aVmWhoseMonitorReturnsNoDirtyRateIsProfiledByReadingItsMemory() throws Exception {
        hosts.boot("mute-vm", image, WORK);

        JsonNode profile =
                hosts.get(hosts.leftUrl() + "/v1/vms/mute-vm/profile").body();

        assertThat(profile.path("dirtySource").asText()).isEqualTo("SAMPLED_READS");
        assertThat(profile.path("agesMillis").size())
                .as("number of known parts")
                .isEqualTo(3);
        // 2,048 random pages per second of 4,096: 4096 (1 - exp(-1/2)) = 1,612 in one second, estimated from 8,192
        // samples
        // of 16,384 pages.
        JsonNode points = profile.path("dirtyCurve").path("points");
        JsonNode last = points.get(points.size() - 1);
        assertThat(last.path("windowSeconds").asDouble()).isBetween(1.0, 1.5);
        assertThat(last.path("pages").asDouble()).isBetween(1_000.0, 2_300.0);
        assertThat(hosts.await(hosts.migrate("mute-vm", BY_POLICY))
                        .path("phase")
                        .asText())
                .isEqualTo("COMPLETED");
    }

    @Test
    void aVmThatDiesWhileItIsProfiledDoesNotAffectAnother() throws Exception {
        hosts.boot("other", image, WORK);
        // Created without a profile, because profiling kills its QEMU.
        assertThat(hosts.create("dies-vm", image, WORK).status()).isEqualTo(201);

        Answer dying = hosts.migrate("dies-vm", BY_POLICY);
        Answer moving = hosts.migrate("other", BY_POLICY);

        JsonNode died = hosts.await(dying);
        assertThat(died.path("phase").asText()).isEqualTo("FAILED");
        assertThat(died.path("error").asText()).isNotEmpty();
        assertThat(hosts.await(moving).path("phase").asText()).isEqualTo("COMPLETED");
    }
}
