package io.github.godwit.host.migrate.rate;

import io.github.godwit.host.net.TrafficControl.Share;
import io.github.godwit.hostapi.ReservedRates;
import io.github.godwit.model.unit.Bandwidth;

/** What was reserved for a migration over its time. Safe for use by several threads. */
final class RateHistory {

    private Share now;
    private long sinceNanos;
    private double bitSeconds;
    private double seconds;
    private Bandwidth first;
    private Bandwidth lowest;
    private Bandwidth highest;
    private Bandwidth limit = Share.NO_LIMIT;
    private int changes = -1;

    /** Takes note of what is reserved from this moment on; a floor of zero if nothing is. */
    synchronized void reserved(Share share, long nanos) {
        if (share.equals(now)) {
            return;
        }
        pass(nanos);
        Bandwidth floor = share.floor();
        first = first == null ? floor : first;
        lowest = lowest == null ? floor : lowest.min(floor);
        highest = highest == null || highest.compareTo(floor) < 0 ? floor : highest;
        limit = limit.min(share.limit());
        now = share;
        changes++;
    }

    /** What was reserved until this moment. */
    synchronized ReservedRates until(long nanos) {
        pass(nanos);
        if (first == null) {
            return new ReservedRates(Bandwidth.ZERO, Bandwidth.ZERO, Bandwidth.ZERO, Bandwidth.ZERO, null, 0);
        }
        boolean constant = lowest.equals(highest) || seconds == 0;
        Bandwidth mean = constant ? now.floor() : new Bandwidth(Math.round(bitSeconds / seconds));
        return new ReservedRates(first, lowest, mean, highest, limit.equals(Share.NO_LIMIT) ? null : limit, changes);
    }

    private void pass(long nanos) {
        if (now != null) {
            double passed = (nanos - sinceNanos) / 1e9;
            bitSeconds += now.floor().bitsPerSecond() * passed;
            seconds += passed;
        }
        sinceNanos = nanos;
    }
}
