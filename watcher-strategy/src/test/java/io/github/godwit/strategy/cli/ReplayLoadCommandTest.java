package io.github.godwit.strategy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Timeout(120)
class ReplayLoadCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        CommandLine program = GodwitStrategy.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        return program.execute(arguments);
    }

    /** Two VMs of 4 cores, on 12 hours each of two days. */
    private String trace() throws Exception {
        return Files.writeString(
                        folder.resolve("load.csv"), "step_seconds,43200\na,4,1024,10,90,10,90\nb,4,1024,10,90,10,90\n")
                .toString();
    }

    @Test
    void printsATableAndWritesJson() throws Exception {
        Path json = folder.resolve("replay.json");
        assertThat(run("replay-load", "--trace", trace(), "--hosts", "2", "--cores", "8", "--json", json.toString()))
                .as(err.toString())
                .isZero();
        assertThat(out.toString())
                .startsWith("SIMULATION on recorded load: 2 VMs, 2.0 days in steps of 43200 s; 2 hosts with 8 cores")
                .contains("workload_stabilization", "vm_workload_consolidation");
        assertThat(err.toString()).contains("godwit: day 2 of 2");
        JsonNode report = new ObjectMapper().readTree(Files.readString(json));
        assertThat(report.path("simulation").asBoolean()).isTrue();
        assertThat(report.path("results").findValuesAsText("name")).contains("no audits", "godwit", "watcher, both");
        assertThat(report.path("comparisons")).isNotEmpty();
    }

    @Test
    void writesSnapshotsForWatchersOwnClasses() throws Exception {
        Path snapshots = folder.resolve("snapshots.json");
        assertThat(run("replay-load", "--trace", trace(), "--hosts", "2", "--snapshots", snapshots.toString()))
                .as(err.toString())
                .isZero();
        JsonNode first = new ObjectMapper()
                .readTree(Files.readString(snapshots))
                .path("snapshots")
                .get(0);
        assertThat(first.path("hosts")).hasSize(2);
        assertThat(first.path("vms").findValuesAsText("name")).containsExactly("a", "b");
        assertThat(first.path("stabilization").has("drawn")).isTrue();
        assertThat(first.path("consolidation").path("moves").isArray()).isTrue();
    }

    @Test
    void wrongUsageIsToldAndWritesNothing() throws Exception {
        Path json = folder.resolve("replay.json");
        assertThat(run("replay-load", "--trace", trace(), "--from-day", "9", "--json", json.toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("The trace has 2.0 days");
        assertThat(run("replay-load", "--trace", trace(), "--hosts", "1")).isEqualTo(2);
        assertThat(run("replay-load", "--trace", folder.resolve("missing").toString()))
                .isEqualTo(1);
        assertThat(json).doesNotExist();
    }
}
