package io.github.godwit.host.profile;

import java.time.Duration;

/**
 * A moment by which something has to be done.
 *
 * @param nanos of {@link System#nanoTime()}
 */
record Deadline(long nanos) {

    static Deadline after(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** What is left until then; zero once it is past. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
    }

    /** Whether something that takes so long is done by then. */
    boolean allows(Duration time) {
        return left().compareTo(time) >= 0;
    }

    /** The shorter of a time and what is left. */
    Duration within(Duration time) {
        Duration left = left();
        return left.compareTo(time) < 0 ? left : time;
    }
}
