package io.github.godwit.host.profile;

import io.github.godwit.model.unit.MemorySize;
import java.util.Arrays;

/** Statistics of single pages in an array of pages. */
final class PageStatistics {

    private static final byte[] ZEROS = new byte[MemorySize.PAGE_BYTES];
    private static final double BITS_PER_BYTE = 8;

    private PageStatistics() {}

    static boolean isZero(byte[] pages, int offset) {
        return Arrays.equals(pages, offset, offset + MemorySize.PAGE_BYTES, ZEROS, 0, MemorySize.PAGE_BYTES);
    }

    /** Shannon entropy of a page's bytes, divided by eight bits: 0 if all are equal, 1 if all 256 values are equally frequent. */
    static double entropy(byte[] pages, int offset) {
        int[] counts = new int[256];
        for (int i = offset; i < offset + MemorySize.PAGE_BYTES; i++) {
            counts[pages[i] & 0xff]++;
        }
        double bits = 0;
        for (int count : counts) {
            if (count > 0) {
                double share = (double) count / MemorySize.PAGE_BYTES;
                bits -= share * Math.log(share) / Math.log(2);
            }
        }
        return Math.max(0, Math.min(1, bits / BITS_PER_BYTE));
    }

    /** Number of bytes that differ between a page in an array and another page. */
    static int differingBytes(byte[] pages, int offset, byte[] other) {
        int first = Arrays.mismatch(pages, offset, offset + MemorySize.PAGE_BYTES, other, 0, MemorySize.PAGE_BYTES);
        if (first < 0) {
            return 0;
        }
        int differing = 0;
        for (int i = first; i < MemorySize.PAGE_BYTES; i++) {
            differing += pages[offset + i] == other[i] ? 0 : 1;
        }
        return differing;
    }
}
