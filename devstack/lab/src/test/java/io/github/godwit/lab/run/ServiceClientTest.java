package io.github.godwit.lab.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.common.FakeServer;
import io.github.godwit.hostapi.client.ServerSentEvents;
import io.github.godwit.lab.LabException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ServiceClientTest {

    private static final String PLAN = "/v1/action_plans/7";
    private static final String EVENTS = "GET /godwit/v1/events";
    private static final Set<String> ENDED = Set.of("SUCCEEDED");
    private static final Duration LONG = Duration.ofSeconds(20);

    private final AtomicInteger asked = new AtomicInteger();
    private final FakeServer server = new FakeServer();
    private final ServiceClient client = new ServiceClient(server.url());

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aStateIsAwaited() throws Exception {
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
    void theEventsBeforeAndRightAfterTheStateAreReceived() throws Exception {
        planEndsAtRequest(2);
        server.when(EVENTS, exchange -> {
            FakeServer.stream(exchange, ": watching\n\ndata: 1\n\ndata: 2\n\n");
            while (asked.get() < 2) {
                Thread.onSpinWait();
            }
            FakeServer.stream(exchange, "data: 3\n\n");
        });
        List<Integer> heard = new ArrayList<>();
        try (ServerSentEvents events = client.events()) {
            client.await(PLAN, ENDED, LONG, events, event -> heard.add(event.asInt()));
        }
        assertThat(heard).containsExactly(1, 2, 3);
    }

    @Test
    void aStreamThatHasEndedNeitherEndsNorShortensTheWait() throws Exception {
        planEndsAtRequest(2);
        server.when(EVENTS, 200, "");
        try (ServerSentEvents events = client.events()) {
            long begun = System.nanoTime();
            client.await(PLAN, ENDED, LONG, events, event -> {});
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofMillis(500));
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void aServiceThatRefusesToSendEventsIsReportedWithItsResponse() {
        assertThatThrownBy(client::events)
                .isInstanceOf(LabException.class)
                .hasMessageContaining("sends no events")
                .hasMessageContaining("404");
    }

    private void planEndsAtRequest(int number) {
        server.when(
                "GET " + PLAN,
                exchange -> FakeServer.send(
                        exchange,
                        200,
                        "{\"state\":\"%s\"}".formatted(asked.incrementAndGet() < number ? "ONGOING" : "SUCCEEDED")));
    }
}
