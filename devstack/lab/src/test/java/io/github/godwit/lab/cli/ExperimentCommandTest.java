package io.github.godwit.lab.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a command does with a file that has all runs; no lab is created. */
class ExperimentCommandTest {

    private static final String COMPLETE = """
            {"experiment":"drain","vms":2,"link":"200mbit",
            "serial_pre":{"empty_s":9,"violations":0,"ops_lost":0,"megabits_lost":0,"runs":[{"empty_s":9}]},
            "at_once":{"empty_s":7,"violations":0,"ops_lost":0,"megabits_lost":0,"runs":[{"empty_s":7}]},
            "godwit":{"empty_s":6,"violations":0,"ops_lost":0,"megabits_lost":0,"runs":[{"empty_s":6}]}}""";

    private final StringWriter progress = new StringWriter();
    private final StringWriter out = new StringWriter();

    @TempDir
    Path directory;

    private int lab(String... words) {
        CommandLine program = LabProgram.commandLine();
        program.setErr(new PrintWriter(progress));
        program.setOut(new PrintWriter(out));
        return program.execute(words);
    }

    @Test
    void aFileOfAnEarlierVersionThatIsCompleteIsOnlyPrinted() throws IOException {
        Path file = directory.resolve("drain.json");
        Files.writeString(file, COMPLETE);
        int code = lab("experiment", "drain", "--vms", "2", "--times", "1", "--json", file.toString());
        assertThat(code).as(progress.toString()).isZero();
        assertThat(out.toString()).contains("Medians, links of 200mbit:").contains("serial_pre     1       9.0");
        assertThat(progress.toString()).isEqualToIgnoringNewLines("All runs are in %s.%n".formatted(file));
        assertThat(file).hasContent(COMPLETE);
    }

    @Test
    void aFileOfAnotherSetupIsRefused() throws IOException {
        Path file = directory.resolve("drain.json");
        Files.writeString(file, COMPLETE);
        assertThat(lab("experiment", "drain", "--vms", "4", "--json", file.toString()))
                .isEqualTo(2);
        assertThat(progress.toString()).contains("has results with vms 2, not 4. Choose another file.");
        assertThat(file).hasContent(COMPLETE);
    }
}
