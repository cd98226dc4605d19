package io.github.godwit.model.unit;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A data rate on a link.
 *
 * @param bitsPerSecond the rate in bit/s, not negative
 */
public record Bandwidth(long bitsPerSecond) implements Comparable<Bandwidth> {

    /** No traffic at all. */
    public static final Bandwidth ZERO = new Bandwidth(0);

    private static final Pattern TC_RATE = Pattern.compile("(\\d+(?:\\.\\d+)?)(bit|kbit|mbit|gbit)");

    /**
     * @throws IllegalArgumentException when the rate is negative
     */
    public Bandwidth {
        if (bitsPerSecond < 0) {
            throw new IllegalArgumentException(
                    "The bandwidth (%d bit/s) must not be negative.".formatted(bitsPerSecond));
        }
    }

    /**
     * A rate in Mbit/s (10^6 bit/s), the unit of links.
     *
     * @throws IllegalArgumentException when the rate is negative or not a number
     */
    public static Bandwidth ofMegabits(double megabitsPerSecond) {
        if (Double.isNaN(megabitsPerSecond)) {
            throw new IllegalArgumentException("The bandwidth must be a number.");
        }
        return new Bandwidth(Math.round(megabitsPerSecond * 1e6));
    }

    /**
     * A rate in bytes per second.
     *
     * @throws IllegalArgumentException when the rate is negative or not a number
     */
    public static Bandwidth ofBytesPerSecond(double bytesPerSecond) {
        return ofMegabits(bytesPerSecond * 8 / 1e6);
    }

    /**
     * Reads the decimal rates of {@code tc}: {@code 500mbit}, {@code 1gbit}, {@code 2.5gbit}.
     *
     * @throws IllegalArgumentException when the text is not such a rate
     */
    public static Bandwidth parse(String text) {
        Matcher matcher = TC_RATE.matcher(text.trim().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a bandwidth. Write a number and a unit, for example 500mbit or 1gbit."
                            .formatted(text));
        }
        double unit = switch (matcher.group(2)) {
            case "bit" -> 1;
            case "kbit" -> 1e3;
            case "mbit" -> 1e6;
            default -> 1e9;
        };
        return new Bandwidth(Math.round(Double.parseDouble(matcher.group(1)) * unit));
    }

    /** This rate in Mbit/s. */
    public double megabits() {
        return bitsPerSecond / 1e6;
    }

    /** This rate in bytes per second. */
    public double bytesPerSecond() {
        return bitsPerSecond / 8.0;
    }

    /** This rate less {@code other}, never below zero. */
    public Bandwidth minus(Bandwidth other) {
        return new Bandwidth(Math.max(0, bitsPerSecond - other.bitsPerSecond));
    }

    /** The sum of both rates. */
    public Bandwidth plus(Bandwidth other) {
        return new Bandwidth(bitsPerSecond + other.bitsPerSecond);
    }

    /** The smaller of both rates. */
    public Bandwidth min(Bandwidth other) {
        return bitsPerSecond <= other.bitsPerSecond ? this : other;
    }

    @Override
    public int compareTo(Bandwidth other) {
        return Long.compare(bitsPerSecond, other.bitsPerSecond);
    }

    /** The rate as {@code tc} reads it, for example {@code 500mbit}. */
    @Override
    public String toString() {
        if (bitsPerSecond % 1_000_000_000 == 0 && bitsPerSecond > 0) {
            return bitsPerSecond / 1_000_000_000 + "gbit";
        }
        if (bitsPerSecond % 1_000_000 == 0) {
            return bitsPerSecond / 1_000_000 + "mbit";
        }
        if (bitsPerSecond % 1_000 == 0) {
            return bitsPerSecond / 1_000 + "kbit";
        }
        return bitsPerSecond + "bit";
    }
}
