package io.github.godwit.host.profile;

import io.github.godwit.host.vm.HeartbeatSource;
import io.github.godwit.hostapi.Heartbeats;
import java.time.Instant;
import java.util.Optional;

/**
 * How fast a guest works during a measurement, relative to its rate just before: measuring slows some guests, and so does
 * a busy host, and a slowed guest writes less than it would undisturbed.
 */
final class HeartbeatPace {

    private static final int BASELINE_SECONDS = 2;
    private static final double ENOUGH_BEATS = 10;

    /** A guest that was hardly heard cannot be corrected for. */
    private static final double LOWEST = 0.1;

    private final Optional<HeartbeatSource> source;
    private final MonotonicClock clock;
    private final Instant start;
    private final double baseline;

    /**
     * Takes the baseline: the rate in the last two seconds, as far as the guest was listened to.
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

    /** Heartbeats a second just before; of a guest that was not listened to before, those since; 0 without any. */
    double ratePerSecond() {
        return baseline > 0
                ? baseline
                : source.map(beats -> rate(beats.since(start))).orElse(0.0);
    }

    /** When a measurement begins. */
    Instant now() {
        return clock.instant();
    }

    /** Share of its baseline that the guest has reached since, up to 1; also 1 where that cannot be told. */
    double since(Instant from) {
        double expected = baseline * (clock.micros() - MonotonicClock.micros(from)) / 1e6;
        if (expected < ENOUGH_BEATS) {
            return 1;
        }
        // One more: the next heartbeat is on its way.
        long beats = source.orElseThrow().since(from).count();
        return Math.max(LOWEST, Math.min(1, (beats + 1) / expected));
    }
}
