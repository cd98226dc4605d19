package io.github.godwit.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.NetworkInterface;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A migration with real QEMU between two host drivers that have only IPv6 addresses. */
@Timeout(120)
class Ipv6MigrationIT {

    @Test
    void aVmMovesOverIpv6(@TempDir Path directory) throws Exception {
        assumeTrue(
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .anyMatch(address -> address.getHostAddress().startsWith("0:0:0:0:0:0:0:1")),
                "this machine has no IPv6");
        Path guest = Path.of(System.getProperty("godwit.guest"));
        TwoHostDrivers hosts = TwoHostDrivers.onIpv6(directory, guest.getParent());
        try {
            hosts.boot("vm", guest.getFileName().toString(), "touched=64 ws=16 dirty=8192 cpu=200");

            JsonNode status = hosts.await(hosts.migrate("vm", "\"technique\": \"PRE\""));

            assertThat(status.path("phase").asText())
                    .as(status.toPrettyString())
                    .isEqualTo("COMPLETED");
            assertThat(hosts.get(hosts.rightUrl() + "/v1/vms/vm")
                            .body()
                            .path("state")
                            .asText())
                    .isEqualTo("running");
            hosts.stop("vm");
        } finally {
            hosts.close();
        }
    }
}
