package io.github.godwit.host.qmp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * How long one QEMU's monitor has been taking for its answers lately, and so how long it may take for the next. On a busy host, or
 * under TCG, a monitor that answers within milliseconds at one time needs seconds at another; a fixed deadline would take it for
 * dead. Safe for use by several threads.
 */
public final class MonitorPace {

    /** How long a monitor may take of which nothing slower is known. */
    public static final Duration USUAL = Duration.ofSeconds(5);

    /** How long it may take at most. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    private static final int REMEMBERED = 8;
    private static final int MARGIN = 3;

    private final Deque<Duration> latest = new ArrayDeque<>();

    /** Notes how long an answer took. */
    public synchronized void took(Duration time) {
        latest.addLast(time);
        if (latest.size() > REMEMBERED) {
            latest.removeFirst();
        }
    }

    /** Notes that an answer was waited for in vain: the next one may take twice as long. */
    public void isSlowerThan(Duration waited) {
        took(waited.multipliedBy(2).dividedBy(MARGIN));
    }

    /** The slowest of its last answers; zero where none is known. */
    public synchronized Duration slowest() {
        return latest.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** How long to wait for the next answer: three times the slowest of the last eight, from {@link #USUAL} to {@link #LONGEST}. */
    public Duration deadline() {
        return atLeast(USUAL);
    }

    /**
     * The same with another least.
     *
     * @param least how long to wait where nothing slow is known
     */
    public Duration atLeast(Duration least) {
        Duration derived = slowest().multipliedBy(MARGIN);
        Duration longer = derived.compareTo(least) > 0 ? derived : least;
        return longer.compareTo(LONGEST) < 0 ? longer : LONGEST;
    }
}
