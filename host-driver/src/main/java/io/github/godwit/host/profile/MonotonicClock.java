package io.github.godwit.host.profile;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Wall-clock time that never steps back: the machine's monotonic clock plus a fixed offset. Differences between times of one instance
 * are exact to the microsecond. Times of two hosts agree as well as their wall clocks did when the instances were created. A host
 * driver uses a single instance.
 */
public final class MonotonicClock {

    private final long offsetMicros;

    /**
     * Creates a clock that shows the given wall clock's time now.
     *
     * @param wall the wall clock, which is read once
     */
    public MonotonicClock(Clock wall) {
        offsetMicros = micros(wall.instant()) - monotonicMicros();
    }

    /** The current time, in microseconds since 1970. */
    public long micros() {
        return offsetMicros + monotonicMicros();
    }

    /** The current time, to the microsecond. */
    public Instant instant() {
        return Instant.EPOCH.plus(micros(), ChronoUnit.MICROS);
    }

    /** Converts an instant to microseconds since 1970. */
    static long micros(Instant instant) {
        return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + TimeUnit.NANOSECONDS.toMicros(instant.getNano());
    }

    private static long monotonicMicros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime());
    }
}
