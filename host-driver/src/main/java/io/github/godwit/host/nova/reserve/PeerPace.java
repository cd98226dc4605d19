package io.github.godwit.host.nova.reserve;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How long other host drivers have been taking to reserve bandwidth, and how long to wait for them by that. Thread-safe. */
public final class PeerPace {

    /** Number of latest answers of each host driver that count. */
    static final int REMEMBERED = 32;

    /** A host driver that answers at once is waited for at least this long. */
    static final Duration LEAST = Duration.ofMillis(300);

    private static final int MARGIN = 4;
    private static final double HIGH = 0.95;

    private final Map<URI, Deque<Duration>> answers = new ConcurrentHashMap<>();

    /** Takes note of an answer. */
    void answered(URI peer, Duration took) {
        Deque<Duration> latest = answers.computeIfAbsent(peer, url -> new ArrayDeque<>());
        synchronized (latest) {
            latest.add(took);
            if (latest.size() > REMEMBERED) {
                latest.remove();
            }
        }
    }

    /**
     * How long to wait for a host driver; zero if it would be late anyway. Each time it is not waited for, its oldest answer is forgotten, so
     * that one that has become faster is noticed.
     *
     * @param left how much time there is
     */
    Duration patience(URI peer, Duration left) {
        Deque<Duration> latest = answers.computeIfAbsent(peer, url -> new ArrayDeque<>());
        synchronized (latest) {
            Duration patience = patience(latest, left);
            if (patience.isZero()) {
                latest.poll();
            }
            return patience;
        }
    }

    /** Four times the 95th percentile of the latest answers, at least 300 ms, at most what is left; zero if less than the percentile is. */
    static Duration patience(Collection<Duration> latest, Duration left) {
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        Optional<Duration> usual = percentile(latest);
        if (usual.isEmpty()) {
            return left;
        }
        if (usual.get().compareTo(left) > 0) {
            return Duration.ZERO;
        }
        Duration wanted = usual.get().multipliedBy(MARGIN);
        Duration atLeast = wanted.compareTo(LEAST) < 0 ? LEAST : wanted;
        return atLeast.compareTo(left) < 0 ? atLeast : left;
    }

    private static Optional<Duration> percentile(Collection<Duration> latest) {
        List<Duration> sorted = latest.stream().sorted().toList();
        return sorted.isEmpty() ? Optional.empty() : Optional.of(sorted.get((int) Math.ceil(HIGH * sorted.size()) - 1));
    }
}
