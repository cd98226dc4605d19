package io.github.godwit.strategy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.PrivateFile;
import io.github.godwit.strategy.FakeHostDriver;
import io.github.godwit.strategy.FakeHostDriver.Course;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

@Timeout(60)
class GodwitStrategyTest {

    private final FakeHostDriver h1 = new FakeHostDriver("host h1 cpu=0.9\n vm a memory=256 cores=0.8");
    private final FakeHostDriver h2 = new FakeHostDriver("host h2");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        h1.close();
        h2.close();
    }

    @Test
    void runsAndWritesTableAndJson() throws Exception {
        Path json = folder.resolve("report.json");
        assertThat(run("--hosts", h1.url() + "," + h2.url(), "--json", json.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("VM  from  to  technique", "why: h1 is hot");
        assertThat(err.toString()).contains("sample 1 of 1: 2 hosts, 1 VMs", "migration 1 of 1: a from h1 to h2");
        JsonNode root = new ObjectMapper().readTree(Files.readString(json));
        assertThat(root.get("migrations")).hasSize(1);
    }

    /** Every curve says 600 of 1000 Mbit/s: three quarters of it are 450, and 300 are free. */
    @Test
    void aBandwidthModelOfOnesOwnTellsWhatToReserve() throws Exception {
        Path model = folder.resolve("bandwidth.json");
        String curves = Stream.of("PRE", "POST", "PRE-POST")
                .flatMap(technique -> Stream.of("inbound", "outbound", "mixed")
                        .map(traffic -> ("{\"technique\": \"%s\", \"traffic\": \"%s\", \"breakpoints\": [0, 1000], "
                                        + "\"pieces\": [{\"slope\": 0, \"intercept\": 600}]}")
                                .formatted(technique, traffic)))
                .collect(Collectors.joining(","));
        Files.writeString(
                model,
                "{\"version\": 1, \"source\": \"measured migrations\", \"date\": \"2025-04-30\", \"linkMbit\": 1000, "
                        + "\"rows\": 57, \"curves\": [%s]}".formatted(curves));
        try (FakeHostDriver busy = new FakeHostDriver("host h1 cpu=0.9 out=700\n vm a memory=256 cores=0.8")) {
            String hosts = busy.url() + "," + h2.url();
            assertThat(run("--hosts", hosts, "--dry-run", "--bandwidth-model", model.toString()))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString().replaceAll("\\s+", " "))
                    .contains("450 Mbit/s are to be reserved (medium urgency, 75 % of the 600 Mbit/s that")
                    .contains("fitted to 57 migrations");

            Files.writeString(model, "{\"version\": 7}");
            assertThat(run("--hosts", hosts, "--dry-run", "--bandwidth-model", model.toString()))
                    .isEqualTo(1);
            assertThat(err.toString()).contains(model + ": The bandwidth model has version 7.0");
        }
    }

    @Test
    void aFailedMigrationEndsWithOne() {
        h1.when("a", Course.FAILS);
        assertThat(run("--hosts", h1.url() + "," + h2.url())).isEqualTo(1);
        assertThat(out.toString()).contains("failed: QEMU says: Connection reset by peer");
    }

    @Test
    void aHostThatCannotBeReachedIsToldInTheReport() {
        h2.close();
        assertThat(run("--hosts", h1.url() + "," + h2.url())).isZero();
        assertThat(out.toString().replaceAll("\\s+", " "))
                .contains(
                        "Left out: " + h2.url(), "the connection is refused", "the destination policy allows no host");
    }

    @Test
    void whereNoHostCanBeReachedTheRunFailsInOneSentence() {
        h1.close();
        assertThat(run("--hosts", h1.url().toString())).isEqualTo(1);
        assertThat(err.toString())
                .startsWith(
                        "godwit-strategy: No host of the cluster can be read. No host driver answers at " + h1.url())
                .doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--policy=fastest | There is no policy 'fastest'. Choose one of ensure_performance,",
                "--strategy=magic | There is no strategy 'magic'. Choose hotspot.",
                "--samples=-1 | samples (-1) must be at least 1",
                "--samples=many | 'many' is not an int",
                "--hot-samples=9 | hot samples (9) must be from 1 to the 1",
                "--hot-samples=0 | hot samples (0)",
                "--threshold=-0.1 | cpuThreshold (-0.1) must be from 0.0 to 1.0",
                "--threshold=75 | cpuThreshold (75.0)",
                "--sample-interval=-5s | '-5s' is not a duration",
                "--sample-interval=60 | '60' is not a duration. Write a whole number and ms, s, m or h",
                "--max-moves=0 | moves (0) must be at least 1",
                "--max-moves=-3 | moves (-3) must be at least 1",
                "--destination-policy=coldest | There is no destination policy 'coldest'. Choose one of least-loaded,",
                "--time-limit=0s | timeLimit (PT0S) must be positive",
                "--urgency=panic | expected one of [HIGH, MEDIUM, LOW]",
                "--hosts= | --hosts has an empty URL",
                "--hosts=http://h1:1,,http://h2:1 | --hosts has an empty URL",
                "--hosts=h1 | 'h1' is not the URL of a host driver",
                "--hosts='http://h 1' | is not the URL of a host driver",
                "--hosts=http://h1:1,http://h1:1/ | --hosts names http://h1:1 twice",
                "--token-file=/nowhere/token | The token cannot be read: there is no file /nowhere/token",
                "--policies=/nowhere/p.yaml | The policies in /nowhere/p.yaml cannot be read",
                "--json=/nowhere/report.json | The report cannot be written to /nowhere/report.json",
                "--teleport | Unknown option: '--teleport'"
            })
    void badInputEndsWithTwoAndASentence(String argument, String sentence) {
        List<String> arguments = new ArrayList<>(List.of("run", "--dry-run"));
        for (String given :
                List.of("--strategy=hotspot", "--policy=ensure_performance", "--hosts=http://127.0.0.1:1")) {
            if (!given.substring(0, given.indexOf('=')).equals(argument.replaceFirst("=.*", ""))) {
                arguments.add(given);
            }
        }
        if (!argument.startsWith("--samples") && !argument.startsWith("--hot-samples=0")) {
            arguments.add("--samples=1");
        }
        if (!argument.startsWith("--hot-samples")) {
            arguments.add("--hot-samples=1");
        }
        arguments.add(argument);
        assertThat(execute(arguments)).isEqualTo(2);
        assertThat(err.toString())
                .startsWith("godwit-strategy: ")
                .contains(sentence)
                .contains("Try 'godwit-strategy run --help'.")
                .doesNotContain("\tat ");
        assertThat(h1.requests()).isEmpty();
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThat(execute(List.of("run", "--strategy=hotspot"))).isEqualTo(2);
        assertThat(err.toString()).contains("--hosts", "--policy");
        assertThat(execute(List.of())).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required subcommand");
    }

    @Test
    void aTokenFileOfSeveralLinesIsRefused() throws Exception {
        Path token = PrivateFile.write(folder.resolve("token"), "one\ntwo\n");
        assertThat(run("--hosts", h1.url().toString(), "--token-file", token.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("must hold one token");
    }

    @Test
    void policiesAreListedForPeopleAndPrograms() throws Exception {
        assertThat(execute(List.of("policies"))).isZero();
        assertThat(out.toString())
                .contains("ensure_performance     (hotspot)", "PERF >= 0.75 (weight 0.7), DT <= 1000 ms (weight 0.3)");
        out.getBuffer().setLength(0);
        assertThat(execute(List.of("policies", "--json"))).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).get("policies")).hasSize(6);
    }

    @Test
    void policiesOfOnesOwnTakeThePlaceOfTheShippedOnes() throws Exception {
        Path file = Files.writeString(folder.resolve("p.yaml"), """
                policies:
                  - name: mine
                    scenario: hotspot
                    slos: []
                    optimize: {TD: 1}
                """);
        assertThat(execute(List.of("policies", "--policies", file.toString()))).isZero();
        assertThat(out.toString()).contains("mine").contains("SLOs      none").doesNotContain("ensure");
        Files.writeString(file, "policies: [{name: broken, speed: 9}]");
        assertThat(execute(List.of("policies", "--policies", file.toString()))).isEqualTo(2);
        assertThat(err.toString()).contains("p.yaml: In the policies, a policy has an unknown key 'speed'");
    }

    @Test
    void helpHasExamples() {
        assertThat(execute(List.of("--help"))).isZero();
        assertThat(execute(List.of("run", "--help"))).isZero();
        assertThat(out.toString()).contains("Examples:", "--destination-policy fallback:h2,h3");
    }

    private int run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "run", "--strategy", "hotspot", "--policy", "ensure_performance", "--samples=1", "--hot-samples=1"));
        arguments.addAll(List.of(more));
        return execute(arguments);
    }

    private int execute(List<String> arguments) {
        CommandLine program = GodwitStrategy.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        int code = program.execute(arguments.toArray(String[]::new));
        program.getOut().flush();
        program.getErr().flush();
        return code;
    }
}
