package io.github.godwit.nova;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.godwit.nova.MigrationPoll.State;
import io.github.godwit.nova.NovaLiveMigrations.MigrationRecord;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MigrationPollTest {

    private static final String MIGRATING = "GET /servers?all_tenants=true&limit=500&status=MIGRATING";
    private static final String RECORDS = "GET /os-migrations?limit=100&migration_type=live-migration";
    private static final String NO_RECORDS = "{\"migrations\": []}";

    private final FakeOpenStack cloud = new FakeOpenStack();
    private final Nova nova = new Nova(cloud.session());

    @AfterEach
    void close() {
        cloud.close();
    }

    private static String record(int id, String server, String status) {
        return """
                {"id": %d, "instance_uuid": "%s", "status": "%s", "source_compute": "h1", "dest_compute": "h2"}""".formatted(id, server, status);
    }

    @Test
    void allMigrationsShareOneReading() {
        cloud.with(MIGRATING, 200, "{\"servers\": [{\"id\": \"a\"}, {\"id\": \"b\"}]}")
                .with(RECORDS, 200, """
                {"migrations": [%s, %s, %s]}""".formatted(
                                record(9, "b", "running"), record(8, "c", "completed"), record(7, "b", "failed")));
        cloud.with("GET /os-migrations?instance_uuid=a&limit=100&migration_type=live-migration", 200, NO_RECORDS);
        MigrationPoll poll = new MigrationPoll(nova, Duration.ofHours(1));
        State b = new State(true, Optional.of(new MigrationRecord(9, "b", "running", "h1", "h2")));
        assertThat(poll.read("b")).isEqualTo(b);
        assertThat(poll.read("c").migrating()).isFalse();
        assertThat(poll.read("b")).isEqualTo(b);
        assertThat(cloud.requests())
                .as("two pages, the second without servers, and the records")
                .hasSize(3);
        assertThat(poll.read("a")).isEqualTo(new State(true, Optional.empty()));
    }

    @Test
    void aRecordThatIsOlderThanTheNewestOfTheCloudIsReadForItsServer() {
        cloud.with(MIGRATING, 200, "{\"servers\": [{\"id\": \"a\"}]}").with(RECORDS, 200, NO_RECORDS);
        cloud.with(
                "GET /os-migrations?instance_uuid=a&limit=100&migration_type=live-migration",
                200,
                "{\"migrations\": [%s]}".formatted(record(3, "a", "queued")));
        assertThat(new MigrationPoll(nova, Duration.ofHours(1)).read("a").newest())
                .contains(new MigrationRecord(3, "a", "queued", "h1", "h2"));
    }

    @Test
    void eachIntervalIsReadAnew() {
        cloud.with(MIGRATING, 200, "{\"servers\": [{\"id\": \"a\"}]}")
                .with(RECORDS, 200, "{\"migrations\": [%s]}".formatted(record(3, "a", "running")));
        MigrationPoll poll = new MigrationPoll(nova, Duration.ZERO);
        assertThat(poll.read("a").migrating()).isTrue();
        cloud.with(MIGRATING, 200, "{\"servers\": []}");
        assertThat(poll.read("a").migrating()).isFalse();
    }

    @Test
    void aFailureIsSharedTooAndEndsWithTheInterval() {
        cloud.with(MIGRATING, 503, "");
        MigrationPoll slow = new MigrationPoll(nova, Duration.ofHours(1));
        MigrationPoll fast = new MigrationPoll(nova, Duration.ZERO);
        assertThatThrownBy(() -> slow.read("a")).isInstanceOf(OpenStackException.class);
        int requests = cloud.requests().size();
        assertThatThrownBy(() -> slow.read("b")).isInstanceOf(OpenStackException.class);
        assertThat(cloud.requests()).hasSize(requests);
        assertThatThrownBy(() -> fast.read("a")).isInstanceOf(OpenStackException.class);
        cloud.with(MIGRATING, 200, "{\"servers\": []}").with(RECORDS, 200, NO_RECORDS);
        assertThat(fast.read("a").migrating()).isFalse();
    }
}
