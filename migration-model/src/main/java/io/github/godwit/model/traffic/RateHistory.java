package io.github.godwit.model.traffic;

import java.util.Arrays;

/**
 * What is remembered of one rate: the means of the last 72 minutes with the last value of each, and means of five minutes of a little
 * more than a day. Its size is fixed, 3.5 KiB. Minutes and spans of five minutes are counted since 1970; a time without values is
 * {@code NaN}.
 */
final class RateHistory {

    /** Minutes of a day. */
    static final long DAY = 1440;

    /** The last hour, as it was up to ten minutes ago. */
    private static final int MINUTES = 72;

    private static final int SPAN = 5;
    private static final int SPANS = (int) (DAY / SPAN) + 4;
    private static final long NEVER = Long.MIN_VALUE;

    private final double[] means = new double[MINUTES];
    private final double[] lasts = new double[MINUTES];
    private final double[] spans = new double[SPANS];
    private long minute = NEVER;
    private double sum;
    private int count;
    private double last = Double.NaN;
    private double spanSum;
    private int spanCount;

    RateHistory() {
        Arrays.fill(means, Double.NaN);
        Arrays.fill(lasts, Double.NaN);
        Arrays.fill(spans, Double.NaN);
    }

    /**
     * Adds a value.
     *
     * @param now the minute, not before that of the last value
     * @return whether it began a new minute, so that the one before is complete
     */
    boolean add(long now, double value) {
        boolean began = now != minute && minute != NEVER;
        if (began) {
            close(now);
        }
        minute = now;
        sum += value;
        count++;
        last = value;
        return began;
    }

    private void close(long now) {
        means[slot(minute, MINUTES)] = sum / count;
        lasts[slot(minute, MINUTES)] = last;
        spanSum += sum / count;
        spanCount++;
        sum = 0;
        count = 0;
        for (long missed = Math.max(minute + 1, now - MINUTES); missed < now; missed++) {
            means[slot(missed, MINUTES)] = Double.NaN;
            lasts[slot(missed, MINUTES)] = Double.NaN;
        }
        if (now / SPAN != minute / SPAN) {
            spans[slot(minute / SPAN, SPANS)] = spanSum / spanCount;
            spanSum = 0;
            spanCount = 0;
            for (long missed = Math.max(minute / SPAN + 1, now / SPAN - SPANS); missed < now / SPAN; missed++) {
                spans[slot(missed, SPANS)] = Double.NaN;
            }
        }
    }

    private static int slot(long index, int size) {
        return (int) Math.floorMod(index, (long) size);
    }

    /** The minute of the last value. */
    long minute() {
        return minute;
    }

    /** The last value. */
    double last() {
        return last;
    }

    /** The mean of a complete minute; {@code NaN} if it is not remembered. */
    double mean(long of) {
        return minute != NEVER && of < minute && of >= minute - MINUTES ? means[slot(of, MINUTES)] : Double.NaN;
    }

    /** The last value of a complete minute; {@code NaN} if it is not remembered. */
    double last(long of) {
        return minute != NEVER && of < minute && of >= minute - MINUTES ? lasts[slot(of, MINUTES)] : Double.NaN;
    }

    /** The mean of the five minutes that a minute is in; {@code NaN} if it is not remembered. */
    double span(long of) {
        long index = Math.floorDiv(of, (long) SPAN);
        long now = Math.floorDiv(minute, (long) SPAN);
        return minute != NEVER && index < now && index >= now - SPANS ? spans[slot(index, SPANS)] : Double.NaN;
    }
}
