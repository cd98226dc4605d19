package io.github.godwit.host.profile;

import java.time.Duration;

/**
 * The time by which a measurement has to end.
 *
 * @param nanos the time, by {@link System#nanoTime()}
 */
record Deadline(long nanos) {

    static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** The time until the deadline; zero if it has passed. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** Whether at least this much time is left. */
    boolean allows(Duration time) {
        return left().compareTo(time) >= 0;
    }

    /** The shorter of a time and the time that is left. */
    Duration within(Duration time) {
        Duration left = left();
        return left.compareTo(time) < 0 ? left : time;
    }
}
