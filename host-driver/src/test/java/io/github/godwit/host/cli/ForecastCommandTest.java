package io.github.godwit.host.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ForecastCommandTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(List<String> lines, String... options) throws IOException {
        Path trace = Files.write(directory.resolve("trace.csv"), lines);
        List<String> arguments = new ArrayList<>(List.of("forecast", trace.toString()));
        arguments.addAll(List.of(options));
        CommandLine program = GodwitHost.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err, true));
        return program.execute(arguments.toArray(String[]::new));
    }

    /** Busy in every fourth of 120 minutes: as now is wrong by 300 in two of four. */
    private static List<String> rhythm() {
        List<String> lines = new ArrayList<>(List.of("time,in,out"));
        for (int minute = 0; minute < 120; minute++) {
            lines.add("%d.5,%s,1000000"
                    .formatted(1_767_225_600L + minute * 60L, minute % 4 == 0 ? "400mbit" : "100mbit"));
        }
        return lines;
    }

    @Test
    void theErrorsOfBothArePrintedAsJson() throws Exception {
        assertThat(run(rhythm(), "--json")).as(err.toString()).isZero();

        JsonNode result = new ObjectMapper().readTree(out.toString());
        assertThat(result.path("horizonSeconds").asInt()).isEqualTo(60);
        double asNow = result.at("/trial/in/asNow").asDouble();
        assertThat(asNow).isBetween(145.0, 155.0);
        assertThat(result.at("/trial/in/forecast").asDouble()).isLessThan(asNow / 2);
        assertThat(result.at("/trial/out/asNow").asDouble()).isZero();
    }

    @Test
    void theErrorsOfBothArePrintedAsATable() throws Exception {
        assertThat(run(rhythm())).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("117 forecasts, each 60 s ahead", "as now", "times cycle in the last hour and as now");
    }

    @Test
    void timesMayBeInIso8601() throws Exception {
        assertThat(run(List.of(
                        "2026-03-01T12:00:00Z,1mbit,2mbit",
                        "2026-03-01T12:01:00Z, 1mbit, 2mbit",
                        "2026-03-01T12:02:00Z,4mbit,2mbit",
                        "2026-03-01T12:03:00Z,1mbit,2mbit")))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("1 forecasts").containsPattern("in +3.00 +3.00");
    }

    @Test
    void aLineThatIsNoneIsNamed() throws Exception {
        assertThat(run(List.of("time,in,out", "1767225600,1,2", "soon,1,2"))).isEqualTo(2);
        assertThat(err.toString()).contains("Line 3 of the trace (soon,1,2)");
        assertThat(run(List.of("1767225600,1"))).isEqualTo(2);
        assertThat(err.toString()).contains("it has 2 columns");
    }

    @Test
    void aTraceThatIsTooShortIsTold() throws Exception {
        assertThat(run(List.of("1767225600,1,2"))).isEqualTo(2);
        assertThat(err.toString()).contains("The trace is too short");
        assertThat(run(List.of())).isEqualTo(2);
        assertThat(run(rhythm(), "--horizon", "5")).isEqualTo(2);
        assertThat(err.toString()).contains("must be at least 60 s");
    }
}
