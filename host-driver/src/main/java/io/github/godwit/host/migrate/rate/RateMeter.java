package io.github.godwit.host.migrate.rate;

import io.github.godwit.host.migrate.rate.RateRule.Measured;
import io.github.godwit.model.unit.Bandwidth;
import java.util.OptionalLong;

/** The rate of one migration, from the counters of QEMU and of its class, once a second. For one thread. */
final class RateMeter {

    private final ByteRate counted;
    private final ByteRate transferred;
    private long ticks;
    private long risen;

    /** A migration that begins. */
    RateMeter(long nanos) {
        counted = new ByteRate(nanos);
        transferred = new ByteRate(nanos);
    }

    /**
     * What was measured over the last seconds.
     *
     * @param sent      bytes that QEMU has sent so far
     * @param matched   bytes that the class has counted so far; empty if there is none
     * @param available the rate that all traffic including the migration leaves free
     */
    Measured measure(long nanos, long sent, OptionalLong matched, Bandwidth available) {
        Bandwidth qemu = transferred.add(nanos, sent);
        Bandwidth kernel = matched.orElse(0) > 0 ? counted.add(nanos, matched.getAsLong()) : qemu;
        ticks++;
        long span = ByteRate.SPAN.toSeconds();
        return new Measured(
                // A class that was added late has not counted long enough.
                kernel.compareTo(qemu) > 0 ? kernel : qemu, available, ticks > span, ticks - risen > span);
    }

    /** Takes note that the floor has risen. */
    void risen() {
        risen = ticks;
    }
}
