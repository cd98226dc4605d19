package io.github.godwit.host.profile;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Wall-clock time that never steps back: the machine's monotonic clock plus an offset that is taken once. Times of one
 * instance can be subtracted from each other to the microsecond; those of two hosts agree as well as their wall clocks did
 * when the instances were made. One instance serves a whole agent.
 */
public final class MonotonicClock {

    private final long offsetMicros;

    /**
     * @param wall the wall clock that the offset is taken from
     */
    public MonotonicClock(Clock wall) {
        offsetMicros = micros(wall.instant()) - monotonicMicros();
    }

    /** Microseconds since 1970. */
    public long micros() {
        return offsetMicros + monotonicMicros();
    }

    /** The same as an instant. */
    public Instant instant() {
        return Instant.EPOCH.plus(micros(), ChronoUnit.MICROS);
    }

    /** An instant in microseconds since 1970. */
    static long micros(Instant instant) {
        return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(instant.getNano());
    }

    private static long monotonicMicros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
    }
}
