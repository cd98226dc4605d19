package io.github.godwit.host.nic;

import io.github.godwit.model.profile.Traffic;
import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The mean rates of two byte counters over the last few seconds. Not safe for several threads. */
public final class RateWindow {

    private record Sample(long nanos, long received, long sent) {}

    private final long spanNanos;
    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Creates a window that averages over at least this time as soon as there are enough samples. */
    public RateWindow(Duration span) {
        this.spanNanos = span.toNanos();
    }

    /**
     * Adds a sample. If a counter has decreased, the interface is a new one, and all earlier samples are dropped.
     *
     * @param nanos    time of the sample, by a monotonic clock
     * @param received bytes received since the interface was created
     * @param sent     bytes sent since then
     */
    public void add(long nanos, long received, long sent) {
        Sample last = samples.peekLast();
        if (last != null && (received < last.received || sent < last.sent)) {
            samples.clear();
        }
        samples.addLast(new Sample(nanos, received, sent));
        while (samples.size() > 2 && nanos - second().nanos >= spanNanos) {
            samples.removeFirst();
        }
    }

    /** The mean rates; {@link Traffic#NONE} before the second sample. */
    public Traffic mean() {
        Sample first = samples.peekFirst();
        Sample last = samples.peekLast();
        if (first == null || last.nanos - first.nanos <= 0) {
            return Traffic.NONE;
        }
        double seconds = (last.nanos - first.nanos) / 1e9;
        return new Traffic(
                Bandwidth.ofBytesPerSecond((last.received - first.received) / seconds),
                Bandwidth.ofBytesPerSecond((last.sent - first.sent) / seconds));
    }

    /** The counters of the latest sample; there must be one. */
    NetworkTracker.Counters last() {
        Sample last = samples.getLast();
        return new NetworkTracker.Counters(last.received, last.sent);
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }
}
