package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.nova.NovaMoves.Move;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests with records as Nova returns them; {@link NovaIT} uses a real Nova. */
class NovaMovesTest {

    private static final Instant SINCE = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant AT = Instant.parse("2026-03-01T11:22:33Z");
    private static final String FIRST = "GET /os-migrations?changes-since=2026-03-01T10%3A00%3A00Z&limit=500";
    private static final String NONE = "{\"migrations\": []}";
    private static final String NO_SERVERS = "{\"servers\": []}";

    private final FakeOpenStack cloud = new FakeOpenStack();
    private final Nova nova = new Nova(cloud.session());
    private final NovaMoves moves = nova.moves();

    @AfterEach
    void close() {
        cloud.close();
    }

    private static String record(String uuid, String server, String status, String destination) {
        return """
                {"uuid": "%s", "id": 1, "instance_uuid": "%s", "status": "%s", "migration_type": "migration", "source_compute": "h1",
                 "dest_compute": %s, "created_at": "2026-03-01T09:00:00.000000", "updated_at": "2026-03-01T11:22:33.000000"}""".formatted(uuid, server, status, destination == null ? "null" : "\"" + destination + "\"");
    }

    private static String after(String marker) {
        return FIRST + "&marker=" + marker;
    }

    @BeforeEach
    void nothingIsMoved() {
        for (String status : List.of("MIGRATING", "RESIZE", "REBUILD")) {
            servers(status, NO_SERVERS);
        }
    }

    private void answers(String... records) {
        cloud.with(FIRST, 200, "{\"migrations\": [%s]}".formatted(String.join(", ", records)))
                .with(after("m1"), 200, NONE);
    }

    private void servers(String status, String answer) {
        cloud.with("GET /servers?all_tenants=true&limit=500&status=" + status, 200, answer);
    }

    private static Move move(String server, boolean runs) {
        return new Move(server, "h1", "h2", runs, AT);
    }

    /** Statuses of Nova's live migrations, of cold migrations and resizes, and of evacuations. */
    @ParameterizedTest
    @CsvSource({
        "completed, true",
        "finished, true",
        "confirming, true",
        "confirmed, true",
        "done, true",
        "error, false",
        "failed, false",
        "cancelled, false",
        "reverting, false",
        "reverted, false"
    })
    void aServerWasMovedIfItIsOnTheDestination(String status, boolean moved) {
        answers(record("m1", "a", status, "h2"));
        assertThat(moves.since(SINCE)).isEqualTo(moved ? List.of(move("a", false)) : List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "queued, MIGRATING",
        "running, MIGRATING",
        "running (post-copy), MIGRATING",
        "migrating, RESIZE",
        "post-migrating, RESIZE",
        "accepted, REBUILD"
    })
    void aMoveRunsAsLongAsNovaMovesItsServer(String status, String server) {
        answers(record("m1", "a", status, "h2"));
        assertThat(moves.since(SINCE)).isEmpty(); // a dead nova-compute has never ended it
        servers(server, "{\"servers\": [{\"id\": \"a\"}]}");
        cloud.with("GET /servers?all_tenants=true&limit=500&marker=a&status=" + server, 200, NO_SERVERS);
        assertThat(moves.since(SINCE)).containsExactly(move("a", true));
    }

    @Test
    void resizesOnTheSameHostAndMovesWithoutADestinationAreNone() {
        answers(record("m2", "a", "finished", "h1"), record("m1", "b", "accepted", null));
        assertThat(moves.since(SINCE)).isEmpty();
    }

    @Test
    void hostsHaveTheirOtherNames() {
        nova.useNames(new HostNaming() {
            @Override
            public String ofNova(String host) {
                return host + ".example";
            }

            @Override
            public String toNova(String host) {
                return host.replace(".example", "");
            }
        });
        answers(record("m1", "a", "completed", "h2"));
        assertThat(moves.since(SINCE)).containsExactly(new Move("a", "h1.example", "h2.example", false, AT));
    }

    /** Nova returns no more than its own limit in a page. */
    @Test
    void allPagesAreRead() {
        List<String> page = IntStream.range(2, 5)
                .mapToObj(number -> record("m" + number, "s" + number, "completed", "h2"))
                .toList();
        cloud.with(FIRST, 200, "{\"migrations\": [%s]}".formatted(String.join(", ", page)))
                .with(after("m4"), 200, "{\"migrations\": [%s]}".formatted(record("m1", "s1", "done", "h2")))
                .with(after("m1"), 200, NONE);
        assertThat(moves.since(SINCE)).extracting(Move::server).containsExactly("s2", "s3", "s4", "s1");
    }

    @Test
    void aRecordThatNeverChangedHasTheTimeOfItsCreationAndATimeThatIsNoneIsAnError() {
        String created = record("m1", "a", "completed", "h2").replace("\"2026-03-01T11:22:33.000000\"", "null");
        answers(created);
        assertThat(moves.since(SINCE)).extracting(Move::at).containsExactly(Instant.parse("2026-03-01T09:00:00Z"));
        answers(created.replace("2026-03-01T09:00:00.000000", "yesterday"));
        assertThatThrownBy(() -> moves.since(SINCE))
                .isInstanceOf(OpenStackException.class)
                .hasMessage("The record m1 of a migration in Nova has the time 'yesterday', which is not understood.");
    }
}
