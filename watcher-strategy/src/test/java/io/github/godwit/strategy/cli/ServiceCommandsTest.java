package io.github.godwit.strategy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.FakeServer;
import io.github.godwit.strategy.common.Texts;
import io.github.godwit.strategy.shadow.Observations;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(60)
class ServiceCommandsTest {

    private static final String OFF =
            "{\"enabled\":false,\"reason\":\"row 7\",\"changed_at\":\"2026-03-01T12:00:00Z\"}";
    private static final String ON = "{\"enabled\":true,\"reason\":null,\"changed_at\":null}";

    private final FakeServer service = new FakeServer();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() {
        service.close();
    }

    private int run(String... arguments) {
        return execute("switch", arguments);
    }

    private int execute(String command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--service", service.url().toString()));
        CommandLine program = GodwitStrategy.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        return program.execute(all.toArray(String[]::new));
    }

    @Test
    void offSendsTheReason() {
        service.when("PUT /godwit/v1/switch", 200, OFF);

        assertThat(run("off", "--reason", "row 7")).as(err.toString()).isZero();

        assertThat(service.requests().get(0).body()).isEqualTo("{\"enabled\":false,\"reason\":\"row 7\"}");
        assertThat(out.toString()).isEqualToIgnoringNewLines("The service is off since 2026-03-01T12:00:00Z: row 7");
    }

    @Test
    void aReportIsPrintedAndWritten(@TempDir Path directory) throws IOException {
        service.when("GET /godwit/v1/report", 200, Texts.json(Observations.report()));
        Path file = directory.resolve("report.json");

        assertThat(execute("report", "--since", "2026-12-01T11:00:00Z", "--json", file.toString()))
                .as(err.toString())
                .isZero();

        assertThat(service.requests().get(0).what()).endsWith("since=2026-12-01T11%3A00%3A00Z");
        assertThat(out.toString()).contains("Godwit observed 13 migrations", "POST-PREEMPT 12", "SLO violations");
        assertThat(new ObjectMapper()
                        .readTree(file.toFile())
                        .at("/all/migrations")
                        .asInt())
                .isEqualTo(12);
    }

    @Test
    void aReportThatIsRefusedSaysWhy() {
        service.when(
                "GET /godwit/v1/report",
                400,
                "{\"error_message\":\"{\\\"faultstring\\\":\\\"since (week) must be a number\\\"}\"}");

        assertThat(execute("report", "--since", "week")).isEqualTo(1);
        assertThat(err.toString()).contains("answered 400: since (week) must be a number");
    }

    @Test
    void offNeedsAReason() {
        assertThat(run("off")).isEqualTo(2);
        assertThat(err.toString()).contains("--reason");
        assertThat(service.requests()).isEmpty();
    }

    @Test
    void onAndStatusPrintTheState() {
        service.when("PUT /godwit/v1/switch", 200, ON).when("GET /godwit/v1/switch", 200, OFF);

        assertThat(run("on")).isZero();
        assertThat(run("status", "--json")).isZero();

        assertThat(out.toString()).contains("The service is on.", "\"enabled\" : false");
    }

    @Test
    void aServiceThatRefusesOrDoesNotAnswerIsToldInOneSentence() {
        service.when(
                "GET /godwit/v1/switch", 400, "{\"error_message\":\"{\\\"faultstring\\\":\\\"It is too long.\\\"}\"}");
        assertThat(run("status")).isEqualTo(1);
        assertThat(err.toString()).contains("answered 400: It is too long.");

        service.stop();
        assertThat(run("status")).isEqualTo(1);
        assertThat(err.toString()).contains("No service answers at").doesNotContain("\tat ");
    }

    @Test
    void thePoliciesOfAServiceAreListedWithVersionAndTechniques() {
        service.when("GET /godwit/v1/policies", 200, """
                {"policies": [{"name": "mine", "scenario": "hotspot", "slos": [], "optimize": {"TT": 1}, "version": 2,
                  "created_at": "2026-03-01T12:00:00Z", "forbid_techniques": ["THR"], "postcopy": "if_needed"}]}""");

        assertThat(execute("policies")).as(err.toString()).isZero();

        assertThat(out.toString()).contains("mine", "(hotspot, version 2)", "forbids   THR", "post-copy if_needed");
    }

    private static final String BATCH = """
            {"name": "batch", "version": 0, "description": "Much data", "origin": "Godwit", "traffic": ["mixed"], "at_least": "100mbit",
             "bounds": {"high": {"sla_lower": "50%", "sla_upper": "60%"}},
             "projects": [{"project": "p1", "version": 1, "bounds": {"low": {"sla_lower": "1mbit", "sla_upper": "2mbit"}}}]}""";

    @Test
    void trafficClassesAreListedWithTheirBounds() {
        service.when("GET /godwit/v1/traffic_classes", 200, "{\"traffic_classes\": [%s]}".formatted(BATCH));

        assertThat(execute("traffic-classes", "list")).as(err.toString()).isZero();

        assertThat(out.toString())
                .contains(
                        "batch              Much data",
                        "    mixed, from 100mbit on",
                        "    high urgency: keeps 50%, better 60%",
                        "    project p1, low urgency: keeps 1mbit, better 2mbit");
    }

    @Test
    void oneBoundOfAClassIsSetAndTheRestIsSentAsItWas() throws Exception {
        service.when("GET /godwit/v1/traffic_classes/batch", 200, BATCH)
                .when("PUT /godwit/v1/traffic_classes/batch", 200, BATCH);

        assertThat(execute(
                        "traffic-classes",
                        "set",
                        "batch",
                        "--urgency",
                        "LOW",
                        "--lower",
                        "80%",
                        "--upper",
                        "100%",
                        "--json"))
                .as(err.toString())
                .isZero();

        assertThat(new ObjectMapper().readTree(service.requests().get(1).body()))
                .isEqualTo(new ObjectMapper().readTree("""
                        {"name": "batch", "description": "Much data", "origin": "Godwit", "traffic": ["mixed"], "at_least": "100mbit",
                         "bounds": {"high": {"sla_lower": "50%", "sla_upper": "60%"}, "low": {"sla_lower": "80%", "sla_upper": "100%"}}}"""));
        assertThat(out.toString()).contains("\"name\" : \"batch\"");
    }

    @Test
    void theBoundsOfAProjectAreSetAndReset() {
        service.when("GET /godwit/v1/traffic_classes/batch", 200, BATCH)
                .when("GET /godwit/v1/traffic_classes", 200, "{\"traffic_classes\": []}")
                .when("PUT /godwit/v1/traffic_classes/batch/projects/p1", 200, "{}")
                .when("DELETE /godwit/v1/traffic_classes/batch/projects/p1", 204, "");

        assertThat(execute(
                        "traffic-classes",
                        "set",
                        "batch",
                        "--project",
                        "p1",
                        "--urgency",
                        "high",
                        "--lower",
                        "1%",
                        "--upper",
                        "2%"))
                .as(err.toString())
                .isZero();
        assertThat(service.requests().get(1).body())
                .isEqualTo("{\"bounds\":{\"low\":{\"sla_lower\":\"1mbit\",\"sla_upper\":\"2mbit\"},"
                        + "\"high\":{\"sla_lower\":\"1%\",\"sla_upper\":\"2%\"}}}");

        assertThat(execute("traffic-classes", "reset", "batch", "--project", "p1"))
                .as(err.toString())
                .isZero();
    }

    private static final String LINES = """
            {"events": [{"eventTime": "2026-03-01T12:00:00.123+0000", "action": "stop/cancel", "outcome": "failure",
              "initiator": {"name": "ann\\u001b[2J", "host": {"address": "192.0.2.7"}},
              "target": {"typeURI": "service/infra-optim/action_plan", "id": "5f1ab8e6-3d1b-4bb5-a0a5-0d7ff4a0c6a1"},
              "reason": {"reasonType": "HTTP", "reasonCode": "409"}}]}""";

    @Test
    void theTrailIsListedWithoutTheControlCharactersOfNames() {
        service.when("GET /godwit/v1/trail", 200, LINES);

        assertThat(execute("trail", "--user", "a b", "--since", "24h"))
                .as(err.toString())
                .isZero();

        assertThat(service.requests().get(0).what()).contains("limit=100", "user=a+b", "since=");
        assertThat(out.toString())
                .contains("ann?[2J", "192.0.2.7", "stop/cancel", "action_plan", "failure 409")
                .doesNotContain("\u001b");
    }

    @Test
    void theTrailIsPrintedAsJson() {
        service.when("GET /godwit/v1/trail", 200, LINES);

        assertThat(execute("trail", "--json")).as(err.toString()).isZero();

        assertThat(out.toString()).startsWith("[").contains("\"action\" : \"stop/cancel\"");
    }
}
