package io.github.godwit.host.qmp;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The latest response times of one QEMU's monitor, and the timeout for its next response. On a busy host, or under TCG, a monitor
 * that usually responds within milliseconds may need seconds, so that a fixed timeout would give up a working QEMU. Safe for use
 * by several threads.
 */
public final class MonitorPace {

    /** The timeout of a monitor for which no slow response is known. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    /** The longest timeout. */
    public static final Duration MAX_TIMEOUT = Duration.ofSeconds(30);

    private static final int KEPT_RESPONSES = 8;
    private static final int MARGIN = 3;

    private final Deque<Duration> latest = new ArrayDeque<>();

    /** Records the time of a response. */
    public synchronized void responded(Duration time) {
        latest.addLast(time);
        if (latest.size() > KEPT_RESPONSES) {
            latest.removeFirst();
        }
    }

    /** Records that no response arrived within a timeout: the timeout of the next command doubles. */
    public void timedOut(Duration waited) {
        responded(waited.multipliedBy(2).dividedBy(MARGIN));
    }

    /** The longest of the last eight response times; zero if there are none. */
    public synchronized Duration slowest() {
        return latest.stream().max(Duration::compareTo).orElse(Duration.ZERO);
    }

    /** The timeout of the next command: three times {@link #slowest()}, within {@link #DEFAULT_TIMEOUT} and {@link #MAX_TIMEOUT}. */
    public Duration deadline() {
        return atLeast(DEFAULT_TIMEOUT);
    }

    /**
     * The timeout of the next command, as in {@link #deadline()}, with another minimum.
     *
     * @param minimum the timeout if no slow response is known
     */
    public Duration atLeast(Duration minimum) {
        Duration derived = slowest().multipliedBy(MARGIN);
        Duration longer = derived.compareTo(minimum) > 0 ? derived : minimum;
        return longer.compareTo(MAX_TIMEOUT) < 0 ? longer : MAX_TIMEOUT;
    }
}
