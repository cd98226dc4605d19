package io.github.godwit.model.schedule.rule;

import io.github.godwit.model.unit.Bandwidth;
import io.github.godwit.model.unit.Checks;
import io.github.godwit.model.unit.MemorySize;

/** The estimates of total migration time of [SOLive 2020], equations 1 and 2: simple enough to compare orders by hand. */
public final class TransferTime {

    private TransferTime() {}

    /**
     * Post-copy: N/B + down, in seconds.
     *
     * @param pages           N: non-zero pages
     * @param bandwidth       B
     * @param downtimeSeconds the downtime
     */
    public static double postCopy(double pages, Bandwidth bandwidth, double downtimeSeconds) {
        return pages / pagesPerSecond(bandwidth) + downtimeSeconds;
    }

    /**
     * Pre-copy: the sum of (N/B)·(S/B)^(i−1) over the rounds i, in seconds.
     *
     * @param pages     N: non-zero pages
     * @param dirtyRate S: unique pages written a second
     * @param bandwidth B
     * @param rounds    n: number of rounds, at least 1
     */
    public static double preCopy(double pages, double dirtyRate, Bandwidth bandwidth, int rounds) {
        Checks.positive("number of rounds", rounds);
        double perSecond = pagesPerSecond(bandwidth);
        double round = pages / perSecond;
        double sum = 0;
        for (int i = 1; i <= rounds; i++) {
            sum += round;
            round *= dirtyRate / perSecond;
        }
        return sum;
    }

    private static double pagesPerSecond(Bandwidth bandwidth) {
        Checks.positive("bandwidth", bandwidth.bitsPerSecond());
        return bandwidth.bytesPerSecond() / MemorySize.PAGE_BYTES;
    }
}
