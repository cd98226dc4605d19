package io.github.godwit.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.TwoHostDrivers.Answer;
import io.github.godwit.host.vm.MachineAccelerator;
import io.github.godwit.model.profile.Accelerator;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Responses of the REST API to invalid requests. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputIT {

    private static final String VM = """
            {"name": "%s", "memory": {"bytes": %d}, "vcpus": %d, "image": "%s", "accelerator": "%s"%s}""";

    private static final Accelerator ACCELERATOR =
            MachineAccelerator.ofThisMachine().accelerator();

    private TwoHostDrivers hosts;

    @BeforeAll
    void startHostDrivers(@TempDir Path directory) throws Exception {
        Path guest = Path.of(System.getProperty("godwit.guest"));
        Files.copy(guest, directory.resolve("guest"));
        hosts = new TwoHostDrivers(directory, directory);
        assertThat(create("vm", 64L << 20, 1, "guest", "").status()).isEqualTo(201);
    }

    @AfterAll
    void stopHostDrivers() throws Exception {
        hosts.close();
    }

    private Answer create(String name, long memory, int vcpus, String image, String more) throws Exception {
        return hosts.post(hosts.leftUrl() + "/v1/vms", VM.formatted(name, memory, vcpus, image, ACCELERATOR, more));
    }

    private Answer migrate(String body) throws Exception {
        return hosts.post(hosts.leftUrl() + "/v1/migrations", body);
    }

    private static void expect(Answer answer, int status, String message) {
        assertThat(answer.status()).as(answer.error()).isEqualTo(status);
        assertThat(answer.error()).contains(message).doesNotContain("Exception", "\tat ");
    }

    @Test
    void anUnknownVmIs404() throws Exception {
        expect(hosts.get(hosts.leftUrl() + "/v1/vms/nobody"), 404, "There is no VM 'nobody' on this host.");
        expect(hosts.migrate("nobody", "\"technique\": \"PRE\""), 404, "There is no VM 'nobody' on this host.");
    }

    @Test
    void anInvalidVmNameIs400() throws Exception {
        expect(hosts.get(hosts.leftUrl() + "/v1/vms/..%20x"), 400, "A VM name has up to 63 letters");
    }

    @Test
    void anUnknownMigrationIs404() throws Exception {
        expect(hosts.get(hosts.leftUrl() + "/v1/migrations/x"), 404, "There is no migration 'x' here.");
        expect(hosts.get(hosts.leftUrl() + "/v1/migrations/x/events"), 404, "There is no migration 'x' here.");
        expect(hosts.send("DELETE", hosts.leftUrl() + "/v1/incoming/x", null), 404, "No migration 'x' is prepared");
    }

    @Test
    void anUnknownTechniqueIs400AndNamesAll() throws Exception {
        expect(hosts.migrate("vm", "\"technique\": \"MAGIC\""), 400, "'MAGIC' is not a value of 'technique'.");
        expect(hosts.migrate("vm", "\"technique\": \"MAGIC\""), 400, "DCdlt-DCZlib");
    }

    @Test
    void aTechniqueThatQemuDoesNotSupportIs409WithTheReason() throws Exception {
        expect(
                hosts.migrate("vm", "\"technique\": \"DCdlt-DCZlib\""),
                409,
                "needs QEMU 8.1 or older: compress threads were removed in 9.1");
        expect(hosts.migrate("vm", "\"technique\": \"DIRTY-LIMIT\""), 409, "dirty-ring-size");
    }

    @Test
    void anUnknownPolicyIs400AndNamesAll() throws Exception {
        expect(hosts.migrate("vm", "\"policy\": \"magic\""), 400, "There is no policy 'magic'. Choose one of ensure_");
    }

    @Test
    void neitherTechniqueNorPolicyIs400() throws Exception {
        expect(hosts.migrate("vm", "\"policy\": null"), 400, "names neither a technique nor a policy");
    }

    @Test
    void theSourceAsDestinationIs400() throws Exception {
        String body = "{\"vm\": \"vm\", \"technique\": \"PRE\", \"destination\": \"%s\"}";
        expect(migrate(body.formatted(hosts.leftUrl())), 400, "VM 'vm' is on host 'left' already.");
    }

    @Test
    void aDestinationThatDoesNotAnswerIs502() throws Exception {
        String body = "{\"vm\": \"vm\", \"technique\": \"PRE\", \"destination\": \"%s\"}";
        expect(migrate(body.formatted("http://127.0.0.1:1")), 502, "No host driver answers at http://127.0.0.1:1");
        expect(migrate(body.formatted("ftp://127.0.0.1")), 400, "must be the URL of a host driver");
    }

    @Test
    void sizesOutOfRangeAre400() throws Exception {
        expect(create("a", -1, 1, "guest", ""), 400, "The memory size (-1 bytes) must not be negative.");
        expect(create("a", 1 << 20, 1, "guest", ""), 400, "must be whole MiB, at least 16M");
        expect(create("a", 64L << 20, 0, "guest", ""), 400, "The vcpus of VM 'a' (0) must be from 1 to 64.");
        expect(create("a", 64L << 20, 1, "guest", ", \"dirtyRingSize\": 3"), 400, "must be 0, or under KVM");
        expect(
                hosts.migrate("vm", "\"technique\": \"PRE\", \"reservation\": {\"bitsPerSecond\": -5}"),
                400,
                "must not be negative");
        expect(hosts.migrate("vm", "\"technique\": \"PRE\", \"timeLimit\": \"-PT1S\""), 400, "must be positive");
    }

    @Test
    void anImageThatIsMissingOrOutsideItsDirectoryIs400() throws Exception {
        expect(create("a", 64L << 20, 1, "nothing", ""), 400, "The image 'nothing' of VM 'a' is not in this host's");
        expect(create("a", 64L << 20, 1, "../guest", ""), 400, "without a path");
    }

    @Test
    void anExistingVmIs409() throws Exception {
        expect(create("vm", 64L << 20, 1, "guest", ""), 409, "There is already a VM 'vm' on this host.");
    }

    @Test
    void qemusMessageExplainsWhyItDoesNotStart() throws Exception {
        expect(create("huge", 1L << 46, 1, "guest", ""), 500, "QEMU did not start: ");
        assertThat(hosts.get(hosts.leftUrl() + "/v1/vms/huge").status()).isEqualTo(404);
    }

    @Test
    void anUnknownPropertyIs400AndNamed() throws Exception {
        expect(
                create("a", 64L << 20, 1, "guest", ", \"colour\": 1"),
                400,
                "Unknown property 'colour'. The known ones are");
    }

    @Test
    void aMissingOrInvalidBodyIs400() throws Exception {
        expect(migrate("{"), 400, "The body is not JSON");
        expect(migrate("[]"), 400, "Cannot read the value");
        expect(migrate(""), 400, "The body must be a migration request.");
    }

    @Test
    void aBodyThatIsTooBigIs413() throws Exception {
        expect(migrate("{\"vm\": \"%s\"}".formatted("x".repeat(1_100_000))), 413, "At most 1048576 bytes");
    }

    @Test
    void anUnknownPathOrMethodIsReported() throws Exception {
        expect(hosts.get(hosts.leftUrl() + "/v2"), 404, "GET /v1/openapi.json lists the routes.");
        expect(hosts.send("PUT", hosts.leftUrl() + "/v1/vms", "{}"), 405, "");
    }

    @Test
    void aTechniquesRequestRequiresADestination() throws Exception {
        expect(hosts.get(hosts.leftUrl() + "/v1/vms/vm/techniques"), 400, "Give the destination's URL");
        Answer answer = hosts.get(hosts.leftUrl() + "/v1/vms/vm/techniques?destination=" + hosts.rightUrl());
        assertThat(answer.body().path("unavailable").path("DCdlt-DCZlib").asText())
                .contains("needs QEMU 8.1 or older");
    }

    @Test
    void aMissingOrWrongTokenIs401() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        URI uri = URI.create(hosts.leftUrl() + "/v1/vms");
        HttpResponse<String> none = http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
        HttpResponse<String> wrong = http.send(
                HttpRequest.newBuilder(uri)
                        .header("Authorization", "Bearer " + "x".repeat(32))
                        .build(),
                BodyHandlers.ofString());
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(wrong.body()).contains("The token is missing or wrong.").doesNotContain(TwoHostDrivers.TOKEN);
    }

    @Test
    void aClientThatOffersHttp2IsServed() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create(hosts.leftUrl() + "/v1/migrations"))
                .header("Authorization", "Bearer " + TwoHostDrivers.TOKEN)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"vm\": \"nobody\", \"technique\": \"PRE\", \"destination\": \"http://h\"}"))
                .build();
        for (int i = 0; i < 3; i++) {
            assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
        }
    }
}
