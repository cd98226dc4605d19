package io.github.godwit.host.migrate.rate;

import io.github.godwit.model.unit.Bandwidth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** The mean rate of a byte counter over the seconds that the rates of network interfaces are averaged over too. */
final class ByteRate {

    /** As the network tracker averages. */
    static final Duration SPAN = Duration.ofSeconds(4);

    private record Sample(long nanos, long bytes) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** A counter that was zero until this moment. */
    ByteRate(long nanos) {
        for (long second = SPAN.toSeconds() - 1; second >= 0; second--) {
            samples.add(new Sample(nanos - Duration.ofSeconds(second).toNanos(), 0));
        }
    }

    /** Adds a value of the counter, and returns the mean rate. A counter that has decreased begins anew. */
    Bandwidth add(long nanos, long bytes) {
        if (samples.getLast().bytes() > bytes) {
            samples.clear();
        }
        samples.add(new Sample(nanos, bytes));
        while (samples.size() > 2 && nanos - second().nanos() >= SPAN.toNanos()) {
            samples.removeFirst();
        }
        Sample first = samples.getFirst();
        double seconds = (nanos - first.nanos()) / 1e9;
        return seconds <= 0 ? Bandwidth.ZERO : Bandwidth.ofBytesPerSecond((bytes - first.bytes()) / seconds);
    }

    private Sample second() {
        return samples.stream().skip(1).findFirst().orElseThrow();
    }
}
