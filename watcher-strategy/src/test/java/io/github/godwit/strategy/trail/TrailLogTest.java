package io.github.godwit.strategy.trail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.godwit.common.trail.TrailLog;
import io.github.godwit.strategy.objects.TrailEvent.Cause;
import io.github.godwit.strategy.objects.TrailEvent.Initiator;
import io.github.godwit.strategy.objects.TrailEvent.Target;
import io.github.godwit.strategy.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrailLogTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-01T12:00:00.123456Z"), ZoneOffset.UTC);
    private static final Initiator ANN = new Initiator("u1", "ann\nböse", "p1", List.of("admin"), "192.0.2.7");

    @TempDir
    private Path directory;

    private static void create(Trail trail) {
        trail.asked("cancel", new Target("audit", "a1"), ANN, Cause.request("req-1", "/v1/audits/a1", 200));
    }

    @Test
    void aLineIsAnEventOfCadf() throws IOException {
        List<String> lines = new ArrayList<>();
        try (Database database = Database.inMemory()) {
            create(new Trail(database, lines::add, "one", CLOCK));
        }
        assertThat(lines.get(0)).matches("[ -~]*");
        JsonNode event = new ObjectMapper().readTree(lines.get(0));
        assertThat(event.path("id").asText()).hasSize(36);
        ((com.fasterxml.jackson.databind.node.ObjectNode) event).remove("id");
        assertThat(event).isEqualTo(new ObjectMapper().readTree("""
                {"typeURI": "http://schemas.dmtf.org/cloud/audit/1.0/event", "eventType": "activity",
                 "eventTime": "2026-03-01T12:00:00.123+0000", "action": "stop/cancel", "outcome": "success",
                 "initiator": {"typeURI": "service/security/account/user", "id": "u1", "name": "ann\\nb\\u00f6se", "project_id": "p1",
                               "roles": ["admin"], "request_id": "req-1", "host": {"address": "192.0.2.7"}},
                 "target": {"typeURI": "service/infra-optim/audit", "id": "a1"},
                 "observer": {"typeURI": "service/infra-optim", "id": "one", "name": "godwit-strategy"},
                 "requestPath": "/v1/audits/a1", "reason": {"reasonType": "HTTP", "reasonCode": "200"}}"""));
    }

    @Test
    void whenTheDatabaseFailsTheLineIsInTheLog() {
        List<String> lines = new ArrayList<>();
        Database database = Database.inMemory();
        database.close();
        create(new Trail(database, lines::add, "one", CLOCK));
        assertThat(lines).hasSize(1);
    }

    @Test
    void theFileBelongsToItsOwnerAndMayBeRotated() throws IOException {
        Path file = directory.resolve("trail.jsonl");
        TrailLog log = TrailLog.file(file);
        log.write("{\"a\":1}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Files.move(file, directory.resolve("trail.jsonl.1"));
        log.write("{\"a\":2}");
        log.write("{\"a\":3}");
        assertThat(directory.resolve("trail.jsonl.1")).hasContent("{\"a\":1}");
        assertThat(file).hasContent("{\"a\":2}\n{\"a\":3}");
    }

    @Test
    void aFileThatCannotBeWrittenIsRefusedAtStart() {
        assertThatThrownBy(() -> TrailLog.file(directory.resolve("none/trail.jsonl")))
                .isInstanceOf(IOException.class);
    }
}
