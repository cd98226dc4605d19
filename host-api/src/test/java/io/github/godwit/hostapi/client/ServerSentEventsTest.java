package io.github.godwit.hostapi.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import io.github.godwit.common.FakeServer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ServerSentEventsTest {

    private static final String EVENTS = "GET /events";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final FakeServer server = new FakeServer();
    private final HttpClient http = HttpClient.newHttpClient();
    private final CountDownLatch released = new CountDownLatch(1);

    @AfterEach
    void close() {
        released.countDown();
        server.close();
    }

    @Test
    void returnsTheDataOfEachEventAndThenTheEnd() throws Exception {
        assertThat(read("data: one\n\ndata: two\n\n")).containsExactly("one", "two");
    }

    @Test
    void joinsDataLinesByLineFeeds() throws Exception {
        assertThat(read("data: a\ndata: b\n\n")).containsExactly("a\nb");
        assertThat(read("data\ndata\n\n")).containsExactly("\n");
    }

    @Test
    void removesOneSpaceAfterTheColonAndNoMore() throws Exception {
        assertThat(read("data:a\n\ndata: b\n\ndata:  c \n\n")).containsExactly("a", "b", " c ");
    }

    @Test
    void ignoresCommentsAndOtherFields() throws Exception {
        assertThat(read(": hello\n\nevent: migration\nid: 7\nretry: 10\ndatabase: x\n: data: no\ndata: yes\n\n"))
                .containsExactly("yes");
    }

    @Test
    void ignoresEventsWithoutDataButNotThoseWithEmptyData() throws Exception {
        assertThat(read("event: ping\n\n\n\ndata:\n\n")).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\r\n"})
    void acceptsEveryEndOfLine(String end) throws Exception {
        assertThat(read("data: a\ndata: b\n\ndata: c\n\n".replace("\n", end))).containsExactly("a\nb", "c");
    }

    @Test
    void dropsAnEventThatTheEndCutsOff() throws Exception {
        assertThat(read("data: whole\n\ndata: half\n")).containsExactly("whole");
    }

    @Test
    void decodesUtf8WhereverTheBytesAreSplit() throws Exception {
        server.when(EVENTS, exchange -> {
            byte[] bytes = "data: pål\n\n".getBytes(StandardCharsets.UTF_8);
            FakeServer.stream(exchange, "");
            for (byte one : bytes) {
                exchange.getResponseBody().write(one);
                exchange.getResponseBody().flush();
            }
        });
        assertThat(drain(open())).containsExactly("pål");
    }

    @Test
    void returnsNothingWhileTheServerIsSilentAndLosesNoPartOfAnEvent() throws Exception {
        server.when(EVENTS, exchange -> {
            FakeServer.stream(exchange, "data: first\n");
            awaitRelease();
            FakeServer.stream(exchange, "data: second\n\n");
        });
        try (ServerSentEvents events = open()) {
            assertThat(events.next(SHORT)).isEmpty();
            released.countDown();
            assertThat(events.next(LONG)).contains("first\nsecond");
        }
    }

    @Test
    void returnsTheEndAtOnceAndEveryTime() throws Exception {
        server.when(EVENTS, exchange -> FakeServer.stream(exchange, ": no events\n"));
        try (ServerSentEvents events = open()) {
            assertThat(events.next(LONG)).isEmpty();
            assertThat(events.next(LONG)).isEmpty();
        }
    }

    @Test
    void aConnectionThatBreaksEndsTheStream() throws Exception {
        server.when(EVENTS, exchange -> {
            exchange.sendResponseHeaders(200, 1000);
            exchange.getResponseBody().write("data: a\n\ndata: b\n".getBytes(StandardCharsets.UTF_8));
        });
        assertThat(drain(open())).containsExactly("a");
    }

    @Test
    void closingFreesAReaderThatWaits() throws Exception {
        server.when(EVENTS, this::streamUntilReleased);
        ServerSentEvents events = open();
        Thread closer = new Thread(events::close, "closer");
        closer.start();
        assertThat(events.next(LONG)).isEmpty();
        closer.join();
    }

    @Test
    void closingEndsTheConnection() throws Exception {
        CountDownLatch broken = new CountDownLatch(1);
        server.when(EVENTS, exchange -> {
            try {
                while (true) {
                    FakeServer.stream(exchange, "data: x\n\n");
                }
            } catch (IOException e) {
                broken.countDown();
            }
        });
        ServerSentEvents events = open();
        assertThat(events.next(LONG)).contains("x");
        events.close();
        assertThat(broken.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptEndsTheWaitAndLeavesTheStreamOpen() throws Exception {
        server.when(EVENTS, exchange -> {
            FakeServer.stream(exchange, ": open\n");
            awaitRelease();
            FakeServer.stream(exchange, "data: later\n\n");
        });
        try (ServerSentEvents events = open()) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> events.next(LONG)).isInstanceOf(InterruptedException.class);
            released.countDown();
            assertThat(events.next(LONG)).contains("later");
        }
    }

    @Test
    void sendsTheHeadersOfTheCaller() throws Exception {
        server.when(
                EVENTS,
                exchange -> FakeServer.stream(
                        exchange,
                        "data: %s\n\ndata: %s\n\n"
                                .formatted(
                                        exchange.getRequestHeaders().get("Authorization"),
                                        exchange.getRequestHeaders().get("Accept"))));
        ServerSentEvents events = ServerSentEvents.open(http, url(), Map.of("Authorization", "Bearer secret"), LONG);
        assertThat(drain(events)).containsExactly("[Bearer secret]", "[text/event-stream]");
    }

    @Test
    void anErrorKeepsItsStatusAndBody() {
        server.when(EVENTS, 403, "{\"error\":\"no\"}");
        var refused = catchThrowableOfType(ServerSentEvents.RefusedException.class, this::open);
        assertThat(refused).hasMessage("%s answered 403: {\"error\":\"no\"}".formatted(url()));
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).isEqualTo("{\"error\":\"no\"}");
    }

    @Test
    void aServerThatDoesNotAnswerInTimeIsGivenUp() {
        server.when(EVENTS, exchange -> awaitRelease());
        assertThatThrownBy(() -> ServerSentEvents.open(http, url(), Map.of(), SHORT))
                .isInstanceOf(HttpTimeoutException.class)
                .hasMessage("no answer within 200 ms");
    }

    @Test
    void aServerThatStopsInTheMiddleOfAnErrorIsGivenUpToo() {
        server.when(EVENTS, exchange -> {
            exchange.sendResponseHeaders(500, 1000);
            exchange.getResponseBody().write('x');
            exchange.getResponseBody().flush();
            awaitRelease();
        });
        assertThatThrownBy(() -> ServerSentEvents.open(http, url(), Map.of(), SHORT))
                .isInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void aServerThatIsNotThereFailsTheConnection() {
        server.close();
        assertThatThrownBy(this::open).isInstanceOf(ConnectException.class);
    }

    private List<String> read(String stream) throws Exception {
        server.when(EVENTS, exchange -> FakeServer.stream(exchange, stream));
        return drain(open());
    }

    private static List<String> drain(ServerSentEvents events) throws InterruptedException {
        List<String> all = new ArrayList<>();
        try (events) {
            for (Optional<String> next = events.next(LONG); next.isPresent(); next = events.next(LONG)) {
                all.add(next.get());
            }
        }
        return all;
    }

    private ServerSentEvents open() throws IOException, InterruptedException {
        return ServerSentEvents.open(http, url(), Map.of(), LONG);
    }

    private URI url() {
        return server.url().resolve("/events");
    }

    private void streamUntilReleased(HttpExchange exchange) throws IOException {
        FakeServer.stream(exchange, ": open\n");
        awaitRelease();
    }

    private void awaitRelease() {
        try {
            if (!released.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test did not release the server");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
