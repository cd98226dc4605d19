package io.github.godwit.strategy.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.nova.FakeOpenStack;
import io.github.godwit.nova.OpenStackUser;
import io.github.godwit.strategy.access.AccessRules;
import io.github.godwit.strategy.auth.KeystoneGuard;
import io.github.godwit.strategy.auth.KeystoneTerms;
import io.github.godwit.strategy.cluster.DrawnCluster;
import io.github.godwit.strategy.rest.Guard;
import io.github.godwit.strategy.rest.NoAuth;
import io.github.godwit.strategy.service.TestClient.Answer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody tries who has no token, or makes the browser of somebody else send requests. */
@Timeout(60)
class AdversaryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TOKEN = "gAAAAAB-token-of-ann_0123456789abcdef";
    private static final String AUDIT = "{\"goal\":\"dummy\",\"audit_type\":\"EVENT\"}";

    /** The server has 32 workers. */
    private static final int MANY = 40;

    private final FakeOpenStack openStack = new FakeOpenStack();
    private final List<Socket> sockets = new ArrayList<>();
    private TestService service;

    @AfterEach
    void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        service.close();
        openStack.close();
    }

    private void start(Guard guard) {
        service = new TestService(
                TestDatabase.memory().open(), new FakeCloud(DrawnCluster.draw("host h1")), "test", guard);
    }

    private void startWithKeystone() {
        start(new KeystoneGuard(
                new KeystoneTerms(
                        openStack.keystone(),
                        new OpenStackUser("watcher", "secret", "Default", "service", "Default"),
                        Duration.ofSeconds(5),
                        AccessRules.SHIPPED,
                        Duration.ofMillis(300)),
                Clock.systemUTC()));
    }

    private void knowsAnn() {
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 200, openStack.token("ann", "admin"));
    }

    private void knowsNobody() {
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 404, "{\"error\": {\"code\": 404, \"message\": \"no\"}}");
    }

    private int port() {
        return service.url("/").getPort();
    }

    private int send(String method, String path, String body, String... headers) throws IOException {
        try (RawClient client = new RawClient(port(), PATIENCE)) {
            return client.send(new FuzzRequest(method, path, List.of(headers), body, true))
                    .status();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a form post of another origin  | 403 | Origin: http://evil.example | Content-Type: application/x-www-form-urlencoded",
                "JSON of another origin         | 403 | Origin: http://evil.example | Content-Type: application/json",
                "a page in a sandbox            | 403 | Origin: null                | Content-Type: application/json",
                "another port of this machine   | 403 | Origin: http://127.0.0.1:1  | Content-Type: application/json",
                "a form of a browser w/o Origin | 415 | Accept: */*                 | Content-Type: application/x-www-form-urlencoded",
                "a form with a file             | 415 | Accept: */*                 | Content-Type: multipart/form-data; boundary=x",
                "JSON as text                   | 415 | Accept: */*                 | Content-Type: text/plain",
                "a body of no type              | 415 | Accept: */*                 | Accept: */*",
                "a name that leads to 127.0.0.1 | 403 | Host: evil.example          | Content-Type: application/json",
                "the same with the port         | 403 | Host: evil.example:9322     | Content-Type: application/json",
                "the program on this machine    | 201 | Accept: */*                 | Content-Type: application/json",
                "its name in upper case         | 201 | Host: LOCALHOST             | Content-Type: application/json; charset=utf-8",
            })
    void withoutTokensNoPageOfAnotherOriginMakesABrowserChangeAnything(String who, int status, String one, String other)
            throws IOException {
        start(NoAuth.LOOPBACK_ONLY);
        assertThat(send("POST", "/v1/audits", AUDIT, one, other)).as(who).isEqualTo(status);
        assertThat(service.get("/v1/audits").body().path("audits")).hasSize(status == 201 ? 1 : 0);
    }

    @Test
    void thePageItselfMayAndSoMayConfiguredNames() throws IOException {
        start(new NoAuth(Set.of("Controller1")));
        String json = "Content-Type: application/json";
        assertThat(send("POST", "/v1/audits", AUDIT, json, "Origin: http://127.0.0.1:" + port()))
                .isEqualTo(201);
        assertThat(send("POST", "/v1/audits", AUDIT, json, "Host: controller1:" + port()))
                .isEqualTo(201);
        assertThat(send("GET", "/", null, "Host: evil.example")).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/ui/godwit.js"})
    void noPageOfOthersShowsThisOneInAFrame(String path) throws IOException {
        start(NoAuth.LOOPBACK_ONLY);
        try (RawClient client = new RawClient(port(), PATIENCE)) {
            Map<String, String> headers = client.send(
                            new FuzzRequest("GET", path, List.of("Accept: text/html, */*;q=0.1"), null, true))
                    .headers();
            assertThat(headers).containsEntry("x-frame-options", "DENY");
            assertThat(headers.get("content-security-policy")).contains("frame-ancestors 'none'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", TOKEN})
    void aRequestWithoutAValidTokenIsAnsweredBeforeItsBodyHasCome(String token) throws Exception {
        startWithKeystone();
        knowsNobody();
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            slow.add(halfSent("POST", "/v1/audits", token.isEmpty() ? "" : "X-Auth-Token: %s\r\n".formatted(token)));
        }
        for (Socket socket : slow) {
            assertThat(firstLine(socket)).contains(" 401 ");
        }
        assertThat(openStack.requests().isEmpty()).isEqualTo(!TOKEN.equals(token));
        assertThat(service.get("/healthz").status()).isEqualTo(200);
    }

    @Test
    void slowBodiesOfPublicRoutesLeaveWorkersForOthers() throws Exception {
        startWithKeystone();
        for (int i = 0; i < MANY; i++) {
            halfSent("GET", "/healthz", "");
            halfSent("POST", "/healthz", "");
        }
        List<Socket> signIns = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            signIns.add(halfSent("POST", "/godwit/v1/session", ""));
        }
        assertThat(service.get("/healthz").status()).isEqualTo(200);
        assertThat(firstLine(signIns.get(MANY - 1))).contains(" 429 ");
    }

    private Socket halfSent(String method, String path, String header) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        sockets.add(socket);
        socket.getOutputStream()
                .write(
                        "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n%sContent-Length: 1000\r\n\r\n{"
                                .formatted(method, path, port(), header)
                                .getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static String firstLine(Socket socket) throws IOException {
        return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII)).readLine();
    }

    @Test
    void passwordsCannotBeGuessedFast() {
        startWithKeystone();
        openStack.with(FakeOpenStack.ISSUE_TOKEN, 401, "{\"error\": {\"code\": 401}}");
        String guess = "{\"user\":\"ann\",\"password\":\"%d\",\"project\":\"service\"}";
        for (int i = 0; i < 10; i++) {
            assertThat(service.post("/godwit/v1/session", guess.formatted(i)).status())
                    .isEqualTo(403);
        }
        Answer refused = service.post("/godwit/v1/session", guess.formatted(10));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1, 61);
        assertThat(refused.fault()).startsWith("Too many sign-ins from 127.0.0.1.");
    }

    private BufferedReader stream() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
        sockets.add(socket);
        socket.getOutputStream()
                .write(
                        "GET /godwit/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nX-Auth-Token: %s\r\n\r\n"
                                .formatted(TOKEN)
                                .getBytes(StandardCharsets.US_ASCII));
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        assertThat(reader.readLine()).contains(" 200 ");
        String line = reader.readLine();
        while (!line.contains("watching")) {
            line = reader.readLine();
        }
        return reader;
    }

    /** Reads until the chunk of length 0, with which the server ends a stream. */
    private static void assertEnds(BufferedReader stream) throws IOException {
        String line = stream.readLine();
        while (line != null && !"0".equals(line)) {
            line = stream.readLine();
        }
    }

    @Test
    void anEventStreamEndsWhenItsTokenIsRevoked() throws IOException {
        startWithKeystone();
        knowsAnn();
        BufferedReader stream = stream();
        knowsNobody();
        assertEnds(stream);
    }

    @Test
    void anEventStreamEndsWhenItsTokenExpiresEvenIfKeystoneDoesNotAnswer() throws IOException {
        startWithKeystone();
        String soon = openStack
                .token("ann", "admin")
                .replaceFirst(
                        "\"expires_at\": \"[^\"]*\"",
                        "\"expires_at\": \"%s\"".formatted(Instant.now().plusSeconds(1)));
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 200, soon);
        BufferedReader stream = stream();
        openStack.with(FakeOpenStack.VALIDATE_TOKEN, 500, "{}");
        assertEnds(stream);
    }
}
