package io.github.godwit.hostapi.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.godwit.common.FakeServer;
import io.github.godwit.common.FakeServer.Received;
import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.model.profile.TrafficClass;
import io.github.godwit.model.technique.Technique;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HostDriverClientTest {

    private static final String HOST = "{\"profile\":{\"name\":\"h1\",\"cores\":4,\"cpuLoad\":0.5,"
            + "\"memory\":{\"bytes\":4294967296},\"memoryLoad\":0.25,\"link\":{\"bitsPerSecond\":1000000000},"
            + "\"traffic\":{\"in\":{\"bitsPerSecond\":0},\"out\":{\"bitsPerSecond\":500000000}}},"
            + "\"capabilities\":{\"host\":\"h1\",\"qemu\":{\"major\":10,\"minor\":0,\"micro\":2},\"libvirt\":null,"
            + "\"refused\":{\"DIRTY-LIMIT\":\"no KVM\"}},\"migrationAddress\":\"10.0.0.1\","
            + "\"reservations\":{\"available\":false,\"reason\":\"no ifb\"},\"agentVersion\":\"0.1.0\"}";

    private static final HostDriverTimeouts SHORT = new HostDriverTimeouts(
            Duration.ofSeconds(2),
            Duration.ofMillis(300),
            Duration.ofMillis(600),
            Duration.ofMillis(200),
            Duration.ofSeconds(1));

    private final FakeServer hostDriver = new FakeServer();
    private final HostDriverClient client = HostDriverClient.of(hostDriver.url(), "secret");
    private final HostDriverClient impatient = HostDriverClient.of(hostDriver.url(), "secret", SHORT);

    @AfterEach
    void close() {
        hostDriver.close();
    }

    @Test
    void readsAHost() {
        hostDriver.when("GET /v1/host", 200, HOST);
        HostStatus host = client.host();
        assertThat(host.profile().networkLoad()).isEqualTo(0.5);
        assertThat(TrafficClass.of(host.profile().traffic())).isEqualTo(TrafficClass.OUTBOUND);
        assertThat(host.capabilities().refused()).containsEntry(Technique.DIRTY_LIMIT, "no KVM");
        assertThat(host.reservations().reason()).isEqualTo("no ifb");
    }

    @Test
    void sendsTheTokenAndEncodesNames() {
        URI destination = URI.create("http://10.0.0.2:9622");
        hostDriver.when(
                "GET /v1/vms/a%20b/techniques?destination=http%3A%2F%2F10.0.0.2%3A9622", 200, "{\"unavailable\":{}}");
        assertThat(client.techniques("a b", destination).unavailable()).isEmpty();
        assertThat(hostDriver.requests()).extracting(Received::authorization).containsExactly("Bearer secret");
    }

    @Test
    void sendsNoTokenWhereThereIsNone() {
        hostDriver.when("GET /v1/vms", 200, "[]");
        assertThat(HostDriverClient.of(hostDriver.url(), null).vms()).isEmpty();
        assertThat(hostDriver.requests().get(0).authorization()).isNull();
    }

    @Test
    void asksForAMigration() {
        hostDriver.when("POST /v1/migrations", 202, "{\"id\":\"7\",\"vm\":\"web\",\"phase\":\"PROFILING\"}");
        MigrationStatus status = client.migrate(MigrationRequest.of("web", URI.create("http://10.0.0.2:9622"))
                .technique(Technique.POST_COPY)
                .policy("save_traffic")
                .build());
        assertThat(status.id()).isEqualTo("7");
        assertThat(hostDriver.requests().get(0).body()).contains("\"technique\":\"POST\"");
    }

    @Test
    void cancelsWithoutABodyInTheAnswer() {
        hostDriver.when("DELETE /v1/migrations/7", 202, "");
        client.cancel("7");
        assertThat(hostDriver.requests()).hasSize(1);
    }

    @Test
    void anErrorContainsTheHostDriversMessage() {
        hostDriver.when("DELETE /v1/migrations/7", 409, "{\"error\":\"The VM runs on h2 already.\"}");
        HostDriverException e = catchThrowableOfType(HostDriverException.class, () -> client.cancel("7"));
        assertThat(e)
                .hasMessage(
                        "The host driver at %s answered 409: The VM runs on h2 already.".formatted(hostDriver.url()));
        assertThat(e.statusCode()).isEqualTo(409);
        assertThat(e.url()).isEqualTo(hostDriver.url());
        assertThat(e.refused()).isTrue();
    }

    @Test
    void aProxysPageForAWrongTokenIsReportedAsAWrongToken() {
        hostDriver.when("GET /v1/host", 401, "<html>Unauthorized</html>");
        assertThatThrownBy(client::host)
                .hasMessageEndingWith(
                        "answered 401: it does not accept the token. Use the token that the host driver was started with.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "<html>hello</html>",
                "[]",
                "{\"profile\":{\"name\":\"h1\",\"cores\":-4}}",
                "{\"capabilities\":{\"host\":\"h1\",\"refused\":{\"TELEPORT\":\"?\"}}}"
            })
    void aResponseThatIsNotAHostDriversIsReported(String body) {
        hostDriver.when("GET /v1/host", 200, body);
        assertThatThrownBy(client::host)
                .isInstanceOf(HostDriverException.class)
                .hasMessageStartingWith(
                        "The response from %s is not one of a host driver that this version understands: expected HostStatus"
                                .formatted(hostDriver.url()));
    }

    @Test
    void aServerThatDoesNotSpeakHttpIsReported() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread mail = new Thread(() -> answerAsMailServer(server), "mail-server");
            mail.start();
            HostDriverClient other = HostDriverClient.of(URI.create("http://127.0.0.1:" + server.getLocalPort()), null);
            assertThatThrownBy(other::host)
                    .isInstanceOf(HostDriverException.class)
                    .hasMessageContaining("No host driver");
            mail.join();
        }
    }

    private static void answerAsMailServer(ServerSocket server) {
        try (var socket = server.accept()) {
            socket.getInputStream().read();
            socket.getOutputStream()
                    .write("220 mail.example ESMTP\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The client closed the connection first.
        }
    }

    @Test
    void aHostDriverThatHangsTimesOut() {
        CountDownLatch never = new CountDownLatch(1);
        hostDriver.when("GET /v1/host", exchange -> hang(never));
        assertThatThrownBy(impatient::host)
                .hasMessageStartingWith(
                        "No host driver answers at %s: no answer within 300 ms.".formatted(hostDriver.url()));
    }

    @Test
    void aHostDriverThatHangsInTheMiddleOfItsResponseTimesOut() {
        CountDownLatch never = new CountDownLatch(1);
        hostDriver.when("GET /v1/host", exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            hang(never);
        });
        assertThatThrownBy(impatient::host).hasMessageContaining("no answer within 300 ms");
    }

    @Test
    void profilingMayTakeLonger() {
        CountDownLatch never = new CountDownLatch(1);
        hostDriver.when("GET /v1/vms/web/profile", exchange -> hang(never));
        assertThatThrownBy(() -> impatient.profile("web")).hasMessageContaining("no answer within 600 ms");
    }

    @Test
    void aRefusedConnectionIsReportedWithAdvice() {
        hostDriver.close();
        assertThatThrownBy(client::host)
                .hasMessage("No host driver answers at %s: the connection is refused. Check that godwit-host runs there"
                                .formatted(hostDriver.url())
                        + " and that its port is open.");
    }

    @Test
    void anUnknownHostNameIsReported() {
        HostDriverClient lost = HostDriverClient.of(URI.create("http://nowhere.invalid:9622"), null);
        assertThatThrownBy(lost::host).hasMessageContaining("nowhere.invalid:9622: the host name is unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1", "ftp://h1:9622", "http:///v1", "http://h1:9622?x=1", "http://me:pw@h1:9622"})
    void anInvalidUrlIsRefused(String url) {
        assertThatThrownBy(() -> HostDriverClient.of(URI.create(url), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(url);
    }

    @Test
    void aTrailingSlashOfTheUrlIsRemoved() {
        assertThat(HostDriverClient.of(URI.create("http://h1:9622/"), null).url())
                .isEqualTo(URI.create("http://h1:9622"));
    }

    private static void hang(CountDownLatch never) {
        try {
            if (never.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the latch is never counted down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
