package io.github.godwit.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.github.godwit.hostapi.client.ServerSentEvents;
import io.github.godwit.lab.LabException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServiceClientTest {

    private static final String PLAN = "/v1/action_plans/7";
    private static final Set<String> ENDED = Set.of("SUCCEEDED");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicInteger asked = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;
    private ServiceClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
        client = new ServiceClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void waitsForAState() throws Exception {
        planEndsAtRequest(3);
        assertThat(client.await(PLAN, ENDED, LONG).path("state").asText()).isEqualTo("SUCCEEDED");
        assertThat(asked).hasValue(3);
    }

    @Test
    void aStateThatDoesNotComeInTimeIsReportedWithTheLastOne() {
        planEndsAtRequest(Integer.MAX_VALUE);
        assertThatThrownBy(() -> client.await(PLAN, ENDED, Duration.ZERO))
                .isInstanceOf(LabException.class)
                .hasMessage("/v1/action_plans/7 is still ONGOING after 0 s.");
    }

    @Test
    void handsOnTheEventsOfTheMeantimeAndThoseRightAfterTheState() throws Exception {
        planEndsAtRequest(2);
        server.createContext("/godwit/v1/events", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(": watching\n\ndata: 1\n\ndata: 2\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.getResponseBody().flush();
            while (asked.get() < 2) {
                Thread.onSpinWait();
            }
            exchange.getResponseBody().write("data: 3\n\n".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        List<Integer> heard = new ArrayList<>();
        try (ServerSentEvents events = client.events()) {
            client.await(PLAN, ENDED, LONG, events, event -> heard.add(event.asInt()));
        }
        assertThat(heard).containsExactly(1, 2, 3);
    }

    @Test
    void aStreamThatHasEndedDoesNotEndTheWaitNorHurryIt() throws Exception {
        planEndsAtRequest(2);
        server.createContext("/godwit/v1/events", exchange -> answer(exchange, 200, ""));
        try (ServerSentEvents events = client.events()) {
            long begun = System.nanoTime();
            client.await(PLAN, ENDED, LONG, events, event -> {});
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void aServiceThatRefusesItsEventsIsReportedWithItsAnswer() {
        assertThatThrownBy(client::events)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("sends no events")
                .hasMessageContaining("404");
    }

    private void planEndsAtRequest(int number) {
        server.createContext(
                PLAN,
                exchange -> answer(
                        exchange,
                        200,
                        "{\"state\":\"%s\"}".formatted(asked.incrementAndGet() < number ? "ONGOING" : "SUCCEEDED")));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
