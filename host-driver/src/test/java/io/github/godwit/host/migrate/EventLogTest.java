package io.github.godwit.host.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.godwit.hostapi.MigrationEvent;
import io.github.godwit.hostapi.MigrationStatus.Phase;
import io.github.godwit.model.watch.PrecopyRound;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private final EventLog log = new EventLog();

    private void poll(int round, long elapsedMillis) {
        log.progress(
                new MigrationEvent(Instant.EPOCH, Phase.MIGRATING, "", null),
                new PrecopyRound(round, 500, 0, elapsedMillis, 0, 0));
    }

    private List<Integer> rounds() {
        return log.rounds().stream().map(PrecopyRound::number).toList();
    }

    @Test
    void theLastFiguresOfEachRoundAreRemembered() {
        poll(1, 500);
        poll(1, 1_000);
        poll(2, 1_500);
        assertThat(rounds()).containsExactly(1, 2);
        assertThat(log.rounds().get(0).elapsedMillis()).isEqualTo(1_000);
    }

    @Test
    void ofManyRoundsSomeAreRememberedEvenlySpread() {
        for (int round = 1; round <= 1_000; round++) {
            poll(round, 100L * round);
        }
        assertThat(log.rounds()).hasSizeBetween(50, 100);
        List<Integer> seen = rounds();
        for (int i = 1; i < seen.size(); i++) {
            assertThat(seen.get(i) - seen.get(i - 1)).isEqualTo(seen.get(1) - seen.get(0));
        }
        assertThat(seen.get(0)).isEqualTo(1);
        assertThat(seen.get(seen.size() - 1)).isGreaterThan(980);
    }
}
