package io.github.godwit.host.profile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Which pages of a guest the host has given memory to. Others were never touched and hold zeros. Up to 16 GiB every page is
 * looked up; of a larger guest evenly spread stretches of 32 MiB are, and the counts are scaled.
 */
final class PresentPages {

    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;
    private static final int CHUNK_PAGES = 8192;
    private static final long MOST_CHUNKS = 512;

    private int[] runs = new int[1024];
    private byte[] masks = new byte[1024];
    private int size;
    private long lookedUp;
    private long present;
    private long swapped;
    private final long pages;

    /**
     * @throws IOException when the process has ended
     */
    PresentPages(GuestMemory memory) throws IOException {
        pages = memory.pages();
        long chunks = (pages + CHUNK_PAGES - 1) / CHUNK_PAGES;
        long stride = Math.max(1, (chunks + MOST_CHUNKS - 1) / MOST_CHUNKS);
        for (long chunk = 0; chunk < chunks; chunk += stride) {
            long end = Math.min(pages, (chunk + 1) * CHUNK_PAGES);
            for (long page = chunk * CHUNK_PAGES; page < end; ) {
                ByteBuffer entries = memory.entries(page, (int) (end - page));
                page += take(page, entries);
            }
        }
    }

    private int take(long firstPage, ByteBuffer entries) {
        int count = entries.remaining() / Long.BYTES;
        for (int first = 0; first < count; first += GuestMemory.RUN_PAGES) {
            int mask = 0;
            for (int i = 0; i < GuestMemory.RUN_PAGES; i++) {
                long entry = entries.getLong();
                mask |= (entry & PRESENT) != 0 ? 1 << i : 0;
                swapped += (entry & SWAPPED) != 0 ? 1 : 0;
            }
            if (mask != 0) {
                add((int) ((firstPage + first) / GuestMemory.RUN_PAGES), (byte) mask);
            }
        }
        lookedUp += count;
        return count;
    }

    private void add(int run, byte mask) {
        if (size == runs.length) {
            runs = Arrays.copyOf(runs, 2 * size);
            masks = Arrays.copyOf(masks, 2 * size);
        }
        runs[size] = run;
        masks[size++] = mask;
        present += Integer.bitCount(mask & 0xff);
    }

    /** Pages in memory. */
    long present() {
        return scaled(present);
    }

    /** Pages that are swapped out: they hold something, or the host would not have kept them. */
    long swapped() {
        return scaled(swapped);
    }

    private long scaled(long count) {
        return lookedUp == 0 ? 0 : Math.round((double) count * pages / lookedUp);
    }

    /**
     * Picks runs with present pages, one from each of as many equal parts of the guest's present memory, which is
     * closer to the truth than picks that are independent.
     */
    int[] pick(int count, RandomGenerator random) {
        int[] picked = new int[Math.min(count, size)];
        for (int i = 0; i < picked.length; i++) {
            picked[i] = (int) ((i + random.nextDouble()) / picked.length * size);
        }
        return picked;
    }

    /** Number of the first page of a picked run. */
    long firstPage(int picked) {
        return (long) runs[picked] * GuestMemory.RUN_PAGES;
    }

    /** Which pages of a picked run are present, the first in the lowest of eight bits. */
    int mask(int picked) {
        return masks[picked] & 0xff;
    }
}
