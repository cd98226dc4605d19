package io.github.godwit.host.scatter;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** How many pages the destination's QEMU asks for, and how long it waits for those that are stored already. Thread-safe. */
final class ServeTimes {

    private static final int MOST = 100_000;
    private static final double MICROS_PER_MILLI = 1e3;

    private final Map<Long, Long> since = new HashMap<>();
    private final int[] micros = new int[MOST];
    private int count;
    private long asked;

    private static long key(int block, int page) {
        return (long) block << Integer.SIZE | page;
    }

    /** QEMU has asked for a page. */
    synchronized void asked() {
        asked++;
    }

    /** It is stored, and is fetched. */
    synchronized void fetching(int block, int page, long nanos) {
        since.putIfAbsent(key(block, page), nanos);
    }

    synchronized void served(int block, int page, long nanos) {
        Long asked = since.remove(key(block, page));
        if (asked != null && count < MOST) {
            micros[count++] = (int) Math.min(Integer.MAX_VALUE, (nanos - asked) / 1_000);
        }
    }

    /** How many it has asked for. */
    synchronized long count() {
        return asked;
    }

    /** The median wait for one that was stored, in ms; 0 if none was. */
    synchronized double medianMillis() {
        if (count == 0) {
            return 0;
        }
        int[] sorted = Arrays.copyOf(micros, count);
        Arrays.sort(sorted);
        return sorted[count / 2] / MICROS_PER_MILLI;
    }
}
