package io.github.godwit.host.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.github.godwit.common.PrivateFile;
import io.github.godwit.common.rest.RestServer;
import io.github.godwit.host.access.HostAccess;
import io.github.godwit.host.access.Token;
import io.github.godwit.host.metrics.HostMetrics;
import io.github.godwit.host.rest.HostApiServer;
import io.github.godwit.host.rest.MetricsResource;
import io.github.godwit.host.rest.SwitchResource;
import io.github.godwit.host.trail.HostTrail;
import io.github.godwit.hostapi.HostSwitch;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The commands that turn the switch of a host, and the routes behind them. */
class SwitchCommandsTest {

    private static final String SECRET = "0123456789abcdef";
    private static final HostSwitch OFF = new HostSwitch(false, "ticket 7", Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    private Path directory;

    private final SwitchResource.Switch host = mock();
    private final StringWriter printed = new StringWriter();
    private RestServer server;

    @BeforeEach
    void serve() throws Exception {
        when(host.hostSwitch()).thenReturn(HostSwitch.ON);
        when(host.turn(any())).thenReturn(OFF);
        server = HostApiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(new SwitchResource(host), new MetricsResource(new HostMetrics("1.2.3"))),
                HostAccess.by(Token.of(SECRET)),
                new HostTrail(line -> {}, "h1", InstantSource.system()));
        PrivateFile.write(directory.resolve("token"), SECRET);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private int run(String... arguments) {
        CommandLine command =
                GodwitHost.commandLine().setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(printed, true));
        return command.execute(arguments);
    }

    private int runWithToken(String... arguments) {
        List<String> all = new java.util.ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--url", url(), "--token-file", directory.resolve("token").toString()));
        return run(all.toArray(String[]::new));
    }

    @Test
    void offNeedsAReasonAndReportsWhatTheHostDriverSays() throws Exception {
        assertThat(runWithToken("off", "--reason", "ticket 7")).isZero();
        verify(host).turn(new HostSwitch(false, "ticket 7", null));
        assertThat(printed).hasToString("Godwit is off, since 2026-01-02T03:04:05Z: ticket 7\n");
        assertThat(runWithToken("off")).isEqualTo(2);
        assertThat(runWithToken("off", "--reason", " ")).isEqualTo(2);
        assertThat(printed.toString()).contains("The reason is missing");
    }

    @Test
    void onAndStatus() throws Exception {
        assertThat(runWithToken("on", "--json")).isZero();
        verify(host).turn(HostSwitch.ON);
        assertThat(printed.toString()).contains("\"enabled\":false,\"reason\":\"ticket 7\"");
        assertThat(runWithToken("status")).isZero();
        assertThat(printed.toString()).endsWith("Godwit is on.\n");
    }

    @Test
    void withoutTheTokenNothingIsSwitchedAndNothingIsTold() throws Exception {
        assertThat(run("off", "--reason", "ticket 7", "--url", url())).isEqualTo(1);
        assertThat(printed.toString()).contains("401");
        verify(host, never()).turn(any());
        assertThat(get("/metrics", "Bearer wrong-wrong-wrong").statusCode()).isEqualTo(401);
    }

    @Test
    void metricsAreInPrometheusTextFormat() throws Exception {
        HttpResponse<String> answer = get("/metrics", "Bearer " + SECRET);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body())
                .contains("godwit_host_build{version=\"1.2.3\"} 1.0")
                .containsPattern("process_resident_memory_bytes [1-9]")
                .contains("process_uptime_seconds");
    }

    @Test
    void aPositionThatIsNotCompleteChangesNothing() throws Exception {
        for (String body :
                new String[] {"{}", "{\"enabled\":false}", "{\"enabled\":false,\"reason\":\" \"}", "{", ""}) {
            assertThat(put(body).statusCode()).as(body).isEqualTo(400);
        }
        assertThat(put("{\"enabled\":false,\"reason\":\"" + "x".repeat(256) + "\"}")
                        .body())
                .contains("at most 255");
        verify(host, never()).turn(any());
    }

    private HttpResponse<String> get(String path, String authorization) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url() + path))
                                .header("Authorization", authorization)
                                .build(),
                        BodyHandlers.ofString());
    }

    private HttpResponse<String> put(String body) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(url() + "/v1/switch"))
                                .header("Authorization", "Bearer " + SECRET)
                                .header("Content-Type", "application/json")
                                .PUT(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
    }
}
