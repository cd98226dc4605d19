package io.github.godwit.host.migrate.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.host.migrate.MigrationEnd;
import io.github.godwit.host.migrate.MigrationInfo;
import io.github.godwit.hostapi.MigrationStatus.Progress;
import io.github.godwit.model.watch.WatchChange;
import io.github.godwit.model.watch.WatchChange.BeginAgain;
import io.github.godwit.model.watch.WatchChange.StartPostcopy;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttemptTest {

    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private static final BeginAgain AGAIN = new BeginAgain(null, "of a test");

    private static MigrationEnd end(String status, long millis, long bytes, WatchChange change) {
        return new MigrationEnd(
                new MigrationInfo(status, 20, new Progress(millis, bytes, 0, 0, 0, 4), 7, null),
                false,
                false,
                List.of(change),
                null);
    }

    @Test
    void whatACancelledAttemptTookIsPartOfTheMigration() {
        Attempt first = Attempt.first(null, null);
        MigrationEnd cancelled = end("cancelled", 6_000, 500, AGAIN);
        MigrationEnd completed = end("completed", 3_000, 300, new StartPostcopy("of a test"));
        assertThat(first.whole(cancelled, NOON)).isSameAs(cancelled);
        assertThat(first.began(NOON)).isEqualTo(NOON);

        Attempt second = first.again(null, cancelled, NOON);
        MigrationEnd whole = second.whole(completed, NOON.plusMillis(7_500));
        assertThat(whole.info().progress().elapsedMillis())
                .as("with the time between both")
                .isEqualTo(10_500);
        assertThat(whole.info().progress().transferredBytes()).isEqualTo(800);
        assertThat(whole.info().downtimeMillis()).isEqualTo(20);
        assertThat(whole.info().completed()).isTrue();
        assertThat(whole.changes()).containsExactly(AGAIN, new StartPostcopy("of a test"));
        assertThat(second.began(NOON.plusMillis(7_500))).isEqualTo(NOON);
    }
}
