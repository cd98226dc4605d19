package io.github.godwit.lab.client;

import java.util.Arrays;

/** What a client received, and when: answers of a guest, or amounts. Times are those of {@link System#nanoTime}. Thread-safe. */
public final class Series {

    private static final double NANOS_PER_SECOND = 1e9;

    private long[] times = new long[1024];
    private double[] amounts = new double[1024];
    private int size;

    /**
     * Adds an answer.
     *
     * @param time   when it arrived, not before the last one
     * @param amount what it is worth, in the unit of the series
     */
    public synchronized void add(long time, double amount) {
        if (size == times.length) {
            times = Arrays.copyOf(times, 2 * size);
            amounts = Arrays.copyOf(amounts, 2 * size);
        }
        times[size] = time;
        amounts[size] = amount;
        size++;
    }

    /** Number of answers. */
    public synchronized int size() {
        return size;
    }

    /**
     * Mean rate in an interval.
     *
     * @param from start, exclusive
     * @param to   end, inclusive
     * @return amount per second; 0 for an interval without length
     */
    public synchronized double rate(long from, long to) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            if (times[i] - from > 0 && times[i] - to <= 0) {
                sum += amounts[i];
            }
        }
        return to - from <= 0 ? 0 : sum * NANOS_PER_SECOND / (to - from);
    }

    /**
     * The longest time between two successive answers, of those times that overlap an interval. During a migration that is the
     * <em>service downtime</em>: from the last answer of the old host to the first of the new one. After the last answer, the time
     * until the observation ended counts.
     *
     * @param from start of the interval
     * @param to   end of the interval
     * @param end  end of the observation
     * @return nanoseconds; 0 without an answer before the end of the interval
     */
    public synchronized long longestGap(long from, long to, long end) {
        long longest = 0;
        for (int i = 0; i < size; i++) {
            long next = i + 1 < size ? times[i + 1] : end;
            if (times[i] - to < 0 && next - from > 0) {
                longest = Math.max(longest, next - times[i]);
            }
        }
        return longest;
    }
}
