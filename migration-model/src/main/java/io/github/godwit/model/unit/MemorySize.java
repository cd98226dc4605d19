package io.github.godwit.model.unit;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory.
 *
 * @param bytes the size in bytes, not negative
 */
public record MemorySize(long bytes) implements Comparable<MemorySize> {

    /** The size of a page that QEMU migrates on x86-64, in bytes. */
    public static final int PAGE_BYTES = 4096;

    private static final long MIB = 1L << 20;
    private static final Pattern QEMU_SIZE = Pattern.compile("(\\d+)([KMG]?)");

    /**
     * @throws IllegalArgumentException when the size is negative
     */
    public MemorySize {
        if (bytes < 0) {
            throw new IllegalArgumentException("The memory size (%d bytes) must not be negative.".formatted(bytes));
        }
    }

    /** A size in MiB. */
    public static MemorySize ofMebibytes(long mebibytes) {
        return new MemorySize(Math.multiplyExact(mebibytes, MIB));
    }

    /**
     * Reads a size as QEMU writes it, with binary suffixes: {@code 512M}, {@code 2G}, {@code 64K}, or plain bytes.
     *
     * @throws IllegalArgumentException when the text is not such a size
     */
    public static MemorySize parse(String text) {
        Matcher matcher = QEMU_SIZE.matcher(text.trim().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'%s' is not a memory size. Write a whole number and K, M or G, for example 512M.".formatted(text));
        }
        long unit = switch (matcher.group(2)) {
            case "K" -> 1L << 10;
            case "M" -> MIB;
            case "G" -> 1L << 30;
            default -> 1L;
        };
        return new MemorySize(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
    }

    /** This size in MiB, a fraction where it is not whole. */
    public double mebibytes() {
        return bytes / (double) MIB;
    }

    /** How many pages of 4 KiB this is, rounded up. */
    public long pages() {
        return (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
    }

    @Override
    public int compareTo(MemorySize other) {
        return Long.compare(bytes, other.bytes);
    }

    /** The size as QEMU reads it, for example {@code 512M}. */
    @Override
    public String toString() {
        if (bytes > 0 && bytes % MIB == 0) {
            return bytes / MIB + "M";
        }
        if (bytes > 0 && bytes % 1024 == 0) {
            return bytes / 1024 + "K";
        }
        return Long.toString(bytes);
    }
}
