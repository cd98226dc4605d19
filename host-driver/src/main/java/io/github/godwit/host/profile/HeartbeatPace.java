package io.github.godwit.host.profile;

import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.hostapi.Heartbeats;
import java.time.Instant;
import java.util.Optional;

/**
 * How fast a guest works during a measurement, relative to its heartbeat rate just before. The measurement itself or a busy host may
 * slow a guest, which then writes less than it would otherwise.
 */
final class HeartbeatPace {

    private static final int BASELINE_SECONDS = 2;
    private static final double MIN_EXPECTED_BEATS = 10;

    /** Limits the correction for a guest with hardly any heartbeats. */
    private static final double MIN_PACE = 0.1;

    private final Optional<HeartbeatSource> source;
    private final MonotonicClock clock;
    private final Instant start;
    private final double baseline;

    /**
     * Takes the baseline: the heartbeat rate of the last two seconds, as far as heartbeats were received.
     */
    HeartbeatPace(Optional<HeartbeatSource> source, MonotonicClock clock) {
        this.source = source;
        this.clock = clock;
        this.start = clock.instant();
        this.baseline = source.map(beats -> rate(beats.since(start.minusSeconds(BASELINE_SECONDS))))
                .orElse(0.0);
    }

    private static double rate(Heartbeats beats) {
        long span = beats.lastMicros() - beats.firstMicros();
        return span <= 0 ? 0 : (beats.count() - 1) * 1e6 / span;
    }

    /** The baseline in heartbeats per second; the rate since then if there was none before; 0 without heartbeats. */
    double ratePerSecond() {
        return baseline > 0
                ? baseline
                : source.map(beats -> rate(beats.since(start))).orElse(0.0);
    }

    /** The current time, for {@link #since}. */
    Instant now() {
        return clock.instant();
    }

    /** The guest's rate since {@code from} as a share of the baseline, at most 1; also 1 if it cannot be determined. */
    double since(Instant from) {
        double expected = baseline * (clock.micros() - MonotonicClock.micros(from)) / 1e6;
        if (expected < MIN_EXPECTED_BEATS) {
            return 1;
        }
        // One more, because the next heartbeat is almost due.
        long beats = source.orElseThrow().since(from).count();
        return Math.max(MIN_PACE, Math.min(1, (beats + 1) / expected));
    }
}
