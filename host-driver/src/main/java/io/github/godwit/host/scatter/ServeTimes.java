package io.github.godwit.host.scatter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** How long the destination's QEMU waits for pages that it has asked for. Thread-safe. */
final class ServeTimes {

    private static final int MOST = 100_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final Map<Long, Long> since = new HashMap<>();
    private final int[] micros = new int[MOST];
    private int count;

    private static long key(int block, int page) {
        return (long) block << Integer.SIZE | page;
    }

    synchronized void asked(int block, int page, long nanos) {
        since.putIfAbsent(key(block, page), nanos);
    }

    synchronized void served(int block, int page, long nanos) {
        Long asked = since.remove(key(block, page));
        if (asked != null && count < MOST) {
            micros[count++] = (int) Math.min(Integer.MAX_VALUE, (nanos - asked) / 1_000);
        }
    }

    synchronized int count() {
        return count;
    }

    /** The median in ms; 0 if no page was asked for. */
    synchronized double medianMillis() {
        if (count == 0) {
            return 0;
        }
        int[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted[count / 2] * 1_000 / NANOS_PER_MILLI;
    }
}
