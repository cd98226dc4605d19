package io.github.godwit.hostapi.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.godwit.hostapi.HostStatus;
import io.github.godwit.hostapi.MigrationRequest;
import io.github.godwit.hostapi.MigrationStatus;
import io.github.godwit.hostapi.client.StubHostDriver.Asked;
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

    private final StubHostDriver agent = new StubHostDriver();
    private final HostDriverClient client = HostDriverClient.of(agent.url(), "secret");
    private final HostDriverClient impatient = HostDriverClient.of(agent.url(), "secret", SHORT);

    @AfterEach
    void close() {
        agent.close();
    }

    @Test
    void readsAHost() {
        agent.when("GET /v1/host", 200, HOST);
        HostStatus host = client.host();
        assertThat(host.profile().networkLoad()).isEqualTo(0.5);
        assertThat(TrafficClass.of(host.profile().traffic())).isEqualTo(TrafficClass.OUTBOUND);
        assertThat(host.capabilities().refused()).containsEntry(Technique.DIRTY_LIMIT, "no KVM");
        assertThat(host.reservations().reason()).isEqualTo("no ifb");
    }

    @Test
    void sendsTheTokenAndEncodesNames() {
        URI destination = URI.create("http://10.0.0.2:9622");
        agent.when(
                "GET /v1/vms/a%20b/techniques?destination=http%3A%2F%2F10.0.0.2%3A9622", 200, "{\"unavailable\":{}}");
        assertThat(client.techniques("a b", destination).unavailable()).isEmpty();
        assertThat(agent.asked()).extracting(Asked::authorization).containsExactly("Bearer secret");
    }

    @Test
    void sendsNoTokenWhereThereIsNone() {
        agent.when("GET /v1/vms", 200, "[]");
        assertThat(HostDriverClient.of(agent.url(), null).vms()).isEmpty();
        assertThat(agent.asked().get(0).authorization()).isNull();
    }

    @Test
    void asksForAMigration() {
        agent.when("POST /v1/migrations", 202, "{\"id\":\"7\",\"vm\":\"web\",\"phase\":\"PROFILING\"}");
        MigrationStatus status = client.migrate(new MigrationRequest(
                "web", URI.create("http://10.0.0.2:9622"), Technique.POST_COPY, "save_traffic", null, null));
        assertThat(status.id()).isEqualTo("7");
        assertThat(agent.asked().get(0).body()).contains("\"technique\":\"POST\"");
    }

    @Test
    void cancelsWithoutABodyInTheAnswer() {
        agent.when("DELETE /v1/migrations/7", 202, "");
        client.cancel("7");
        assertThat(agent.asked()).hasSize(1);
    }

    @Test
    void anErrorIsToldInTheAgentsWords() {
        agent.when("DELETE /v1/migrations/7", 409, "{\"error\":\"The VM runs on h2 already.\"}");
        HostDriverException e = catchThrowableOfType(HostDriverException.class, () -> client.cancel("7"));
        assertThat(e)
                .hasMessage("The host driver at %s answered 409: The VM runs on h2 already.".formatted(agent.url()));
        assertThat(e.statusCode()).isEqualTo(409);
        assertThat(e.agent()).isEqualTo(agent.url());
        assertThat(e.refused()).isTrue();
    }

    @Test
    void aWrongTokenIsToldAsSuchEvenByAProxy() {
        agent.when("GET /v1/host", 401, "<html>Unauthorized</html>");
        assertThatThrownBy(client::host)
                .hasMessageEndingWith(
                        "answered 401: it does not accept the token. Give the one that the agent was started with.");
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
    void rubbishIsToldAsSuch(String rubbish) {
        agent.when("GET /v1/host", 200, rubbish);
        assertThatThrownBy(client::host)
                .isInstanceOf(HostDriverException.class)
                .hasMessageStartingWith("What answers at %s is no host driver that this version understands: HostStatus"
                        .formatted(agent.url()));
    }

    @Test
    void aServerThatIsNoHttpServerIsToldAsSuch() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread rude = new Thread(() -> answerRudely(server), "rude-server");
            rude.start();
            HostDriverClient other = HostDriverClient.of(URI.create("http://127.0.0.1:" + server.getLocalPort()), null);
            assertThatThrownBy(other::host)
                    .isInstanceOf(HostDriverException.class)
                    .hasMessageContaining("No host driver");
            rude.join();
        }
    }

    private static void answerRudely(ServerSocket server) {
        try (var socket = server.accept()) {
            socket.getInputStream().read();
            socket.getOutputStream()
                    .write("220 mail.example ESMTP\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        } catch (IOException e) {
            // the client hung up first
        }
    }

    @Test
    void aHangingAgentIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        agent.when("GET /v1/host", exchange -> hang(never));
        assertThatThrownBy(impatient::host)
                .hasMessageStartingWith(
                        "No host driver answers at %s: no answer within 300 ms.".formatted(agent.url()));
    }

    @Test
    void anAgentThatHangsInTheMiddleOfItsAnswerIsGivenUpToo() {
        CountDownLatch never = new CountDownLatch(1);
        agent.when("GET /v1/host", exchange -> {
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
        agent.when("GET /v1/vms/web/profile", exchange -> hang(never));
        assertThatThrownBy(() -> impatient.profile("web")).hasMessageContaining("no answer within 600 ms");
    }

    @Test
    void anAgentThatIsNotThereIsToldInOneSentence() {
        agent.close();
        assertThatThrownBy(client::host)
                .hasMessage("No host driver answers at %s: the connection is refused. Check that godwit-host runs there"
                                .formatted(agent.url())
                        + " and that its port is open.");
    }

    @Test
    void anUnknownHostNameIsToldAsSuch() {
        HostDriverClient lost = HostDriverClient.of(URI.create("http://nowhere.invalid:9622"), null);
        assertThatThrownBy(lost::host).hasMessageContaining("nowhere.invalid:9622: the host name is unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"h1", "ftp://h1:9622", "http:///v1", "http://h1:9622?x=1", "http://me:pw@h1:9622"})
    void anAddressThatIsNoUrlOfAHostDriverIsRefused(String url) {
        assertThatThrownBy(() -> HostDriverClient.of(URI.create(url), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(url);
    }

    @Test
    void aSlashAtTheEndOfTheUrlDoesNotMatter() {
        assertThat(HostDriverClient.of(URI.create("http://h1:9622/"), null).agent())
                .isEqualTo(URI.create("http://h1:9622"));
    }

    private static void hang(CountDownLatch never) {
        try {
            if (never.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody counts down");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
