package io.github.godwit.host.profile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The pages of a guest that the host has allocated; the guest never touched the others, which are zero. Of a guest of up to 16 GiB
 * all pages are looked up in the page map. Of a larger guest evenly spread chunks of 32 MiB are, and the counts are scaled up.
 */
final class PresentPages {

    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;
    private static final int CHUNK_PAGES = 8192;
    private static final long MAX_CHUNKS = 512;

    private int[] runs = new int[1024];
    private byte[] masks = new byte[1024];
    private int size;
    private long lookedUp;
    private long present;
    private long swapped;
    private final long pages;

    /**
     * Looks up the pages.
     *
     * @throws IOException if the process has ended
     */
    PresentPages(GuestMemory memory) throws IOException {
        pages = memory.pages();
        long chunks = (pages + CHUNK_PAGES - 1) / CHUNK_PAGES;
        long stride = Math.max(1, (chunks + MAX_CHUNKS - 1) / MAX_CHUNKS);
        for (long chunk = 0; chunk < chunks; chunk += stride) {
            long end = Math.min(pages, (chunk + 1) * CHUNK_PAGES);
            for (long page = chunk * CHUNK_PAGES; page < end; ) {
                ByteBuffer entries = memory.entries(page, (int) (end - page));
                page += addEntries(page, entries);
            }
        }
    }

    private int addEntries(long firstPage, ByteBuffer entries) {
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

    /** Number of pages in memory. */
    long present() {
        return scaled(present);
    }

    /** Number of pages that are swapped out; they are not zero, because the host does not swap pages that were never written. */
    long swapped() {
        return scaled(swapped);
    }

    private long scaled(long count) {
        return lookedUp == 0 ? 0 : Math.round((double) count * pages / lookedUp);
    }

    /**
     * Picks runs with present pages at random: one from each of {@code count} equal parts of the guest's present memory, because
     * stratified samples vary less than independent ones.
     *
     * @return indices for {@link #firstPage} and {@link #mask}
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

    /** The pages of a picked run that are present, one bit each; the lowest bit is the first page. */
    int mask(int picked) {
        return masks[picked] & 0xff;
    }
}
