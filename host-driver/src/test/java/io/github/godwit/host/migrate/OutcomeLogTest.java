package io.github.godwit.host.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.Outcome;
import io.github.godwit.hostapi.WireJson;
import io.github.godwit.model.technique.Technique;
import io.github.godwit.model.unit.Bandwidth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeLogTest {

    @TempDir
    private Path directory;

    private static Outcome outcome(String id) {
        return new Outcome(
                id,
                Instant.parse("2026-01-01T00:00:00Z"),
                null,
                Technique.PRE_POST_COPY,
                "ensure_performance",
                "It was requested.",
                null,
                Map.of(),
                -1,
                -1,
                true,
                3,
                0,
                Bandwidth.ZERO,
                List.of(),
                null,
                0,
                null,
                null,
                null);
    }

    @Test
    void writesOneLineForEachMigration() throws IOException {
        Path file = directory.resolve("outcomes.jsonl");
        OutcomeLog log = new OutcomeLog(file);
        log.accept(outcome("a"));
        log.accept(outcome("b"));
        new OutcomeLog(file).accept(outcome("c"));

        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(3);
        Outcome second = WireJson.strictMapper().readValue(lines.get(1), Outcome.class);
        assertThat(second).isEqualTo(outcome("b"));
    }

    @Test
    void anOutcomeThatCannotBeWrittenDoesNotFailTheMigration() {
        new OutcomeLog(directory.resolve("missing/outcomes.jsonl")).accept(outcome("a"));

        assertThat(directory).isEmptyDirectory();
    }
}
