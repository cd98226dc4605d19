package io.github.godwit.strategy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class AccessCommandTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private int run(String... arguments) {
        CommandLine program = GodwitStrategy.commandLine();
        program.setOut(new PrintWriter(out));
        program.setErr(new PrintWriter(err));
        return program.execute(arguments);
    }

    private String file(String yaml) throws IOException {
        return Files.writeString(directory.resolve("policy.yaml"), yaml).toString();
    }

    @Test
    void whatIsPrintedIsAPolicyFile() throws IOException {
        assertThat(run("access")).isZero();
        String printed = out.toString();
        assertThat(printed).contains("\"audit:create\": \"rule:admin_api\"\n");
        assertThat(run("access", "--policy-file", file(printed), "--json"))
                .as(err.toString())
                .isZero();
        assertThat(new ObjectMapper()
                        .readTree(out.toString().substring(printed.length()))
                        .path("webhook:trigger")
                        .asText())
                .isEqualTo("rule:service_api");
    }

    @Test
    void whatARoleMayDoIsPrinted() throws IOException {
        String file = file("\"reader_api\": \"role:reader or rule:admin_api\"\n");
        assertThat(run("access", "--policy-file", file, "--role", "reader")).isZero();
        assertThat(out.toString()).contains("audit:get_all").doesNotContain("audit:create", "trail:get_all");
    }

    @Test
    void aWrongFileIsRefusedInOneSentence() throws IOException {
        String file = file("\"audit:create\": \"project_id:1\"\n");
        assertThat(run("access", "--policy-file", file)).isEqualTo(2);
        assertThat(err.toString())
                .contains("The policy file " + file
                        + ": Rule 'audit:create': 'project_id:1' has 'project_id:1', which is not")
                .doesNotContain("\tat ");
        assertThat(run("access", "--policy-file", directory.resolve("none").toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("none cannot be read");
    }
}
