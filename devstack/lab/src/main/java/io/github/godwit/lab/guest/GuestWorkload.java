package io.github.godwit.lab.guest;

import io.github.godwit.model.unit.MemorySize;
import java.util.Locale;

/**
 * The workload of the lab's guest: the parameters of {@code src/guest}.
 *
 * @param touched            memory with content
 * @param workingSet         memory that the guest writes, at most {@code touched}
 * @param dirtyBytesPerSecond rate of written pages of 4 KiB, as bytes per second
 * @param pattern            where it writes
 * @param entropy            normalised byte entropy of the content, 0 to 1
 * @param changeBytes        bytes that a write changes in a page, 1 to 4096
 * @param cpu                share of its vCPU that the guest keeps busy, 0 to 1
 */
public record GuestWorkload(
        MemorySize touched,
        MemorySize workingSet,
        MemorySize dirtyBytesPerSecond,
        Pattern pattern,
        double entropy,
        int changeBytes,
        double cpu) {

    private static final int MEBIBYTE = 1 << 20;

    /** Where the guest writes in its working set. */
    public enum Pattern {
        /** Everywhere with equal probability. */
        RANDOM,
        /** One page after another. */
        SEQ,
        /** Nine of ten writes to a tenth of the working set. */
        HOTSPOT;

        /**
         * The pattern with this name, in any case.
         *
         * @throws IllegalArgumentException when there is none
         */
        public static Pattern parse(String name) {
            for (Pattern pattern : values()) {
                if (pattern.name().equalsIgnoreCase(name)) {
                    return pattern;
                }
            }
            throw new IllegalArgumentException(
                    "There is no pattern '%s'. Choose one of random, seq, hotspot.".formatted(name));
        }
    }

    /**
     * @throws IllegalArgumentException when a value is out of its range
     */
    public GuestWorkload {
        wholeMebibytes("touched memory", touched);
        wholeMebibytes("working set", workingSet);
        if (workingSet.compareTo(touched) > 0) {
            throw new IllegalArgumentException("The working set (%s) must not be larger than the touched memory (%s)."
                    .formatted(workingSet, touched));
        }
        if (dirtyBytesPerSecond.mebibytes() > 4096) {
            throw new IllegalArgumentException(
                    "The dirty rate (%s) must not be above 4G a second.".formatted(dirtyBytesPerSecond));
        }
        range("entropy", entropy, 0, 1);
        range("number of changed bytes", changeBytes, 1, MemorySize.PAGE_BYTES);
        range("cpu share", cpu, 0, 1);
    }

    /** The guest's kernel command line. */
    public String kernelArguments(int seed) {
        return kernelArguments() + " seed=" + seed;
    }

    /** The guest's kernel command line without the seed of the content. */
    public String kernelArguments() {
        return "touched=%d ws=%d dirty=%d pattern=%s entropy=%d change=%d cpu=%d"
                .formatted(
                        touched.bytes() / MEBIBYTE,
                        workingSet.bytes() / MEBIBYTE,
                        dirtyBytesPerSecond.bytes() / 1024,
                        pattern.name().toLowerCase(Locale.ROOT),
                        Math.round(entropy * 1000),
                        changeBytes,
                        Math.round(cpu * 1000));
    }

    /** The settings that a running guest can change at no cost, for {@link LabVms#set}. */
    public String liveSettings() {
        return "ws=%d dirty=%d pattern=%s cpu=%d"
                .formatted(
                        workingSet.bytes() / MEBIBYTE,
                        dirtyBytesPerSecond.bytes() / 1024,
                        pattern.name().toLowerCase(Locale.ROOT),
                        Math.round(cpu * 1000));
    }

    private static void wholeMebibytes(String what, MemorySize size) {
        if (size.bytes() < MEBIBYTE || size.bytes() % MEBIBYTE != 0) {
            throw new IllegalArgumentException("The %s (%s) must be whole MiB, at least 1M.".formatted(what, size));
        }
    }

    private static void range(String what, double value, double low, double high) {
        if (!(value >= low && value <= high)) {
            throw new IllegalArgumentException("The %s (%s) must be from %s to %s.".formatted(what, value, low, high));
        }
    }
}
