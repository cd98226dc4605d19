package io.github.godwit.host.profile;

import io.github.godwit.model.profile.PageContent;
import io.github.godwit.model.unit.MemorySize;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * Reads a random sample of a guest's memory twice: some 2,000 pages in runs of eight adjacent ones, and once some 4,000 single pages
 * for the share of zero pages. The guest is not stopped, so a page may be read in the middle of a write. The sampler needs 8 MiB
 * until it is closed. Not safe for several threads.
 */
public final class MemorySampler implements Closeable {

    private static final int RUNS = 256;
    private static final int ZERO_CHECKS = 4096;

    private final GuestMemory memory;
    private final Random random;
    private final long[] pages = new long[RUNS * GuestMemory.RUN_PAGES];
    private final byte[] before = new byte[RUNS * GuestMemory.RUN_PAGES * MemorySize.PAGE_BYTES];
    private PresentPages present;
    private long nonZeroPages;
    private long firstReadNanos;
    private int size;

    /**
     * Opens the memory of a guest.
     *
     * @param proc   the mount point of procfs, {@code /proc}
     * @param pid    process id of QEMU
     * @param blocks the guest's memory in QEMU's address space
     * @param seed   seed of the random sample
     * @throws IOException if the process has ended, or if this process lacks the permission to read its memory
     */
    public MemorySampler(Path proc, long pid, List<RamBlock> blocks, long seed) throws IOException {
        this.memory = new GuestMemory(proc, pid, blocks);
        this.random = new Random(seed);
    }

    /**
     * Chooses the sample and reads it for the first time.
     *
     * @throws IOException if the process has ended
     */
    public void readFirst() throws IOException {
        present = new PresentPages(memory);
        nonZeroPages = present.swapped() + Math.round(present.present() * nonZeroShare());
        size = 0;
        for (int run : present.pick(RUNS, random)) {
            for (int i = 0; i < GuestMemory.RUN_PAGES; i++) {
                if ((present.mask(run) >> i & 1) != 0) {
                    pages[size] = present.firstPage(run) + i;
                    memory.read(pages[size], before, size * MemorySize.PAGE_BYTES);
                    size++;
                }
            }
        }
        firstReadNanos = System.nanoTime();
    }

    /** Reads one page of each picked run, weighted by the number of present pages in the run. */
    private double nonZeroShare() throws IOException {
        byte[] page = new byte[MemorySize.PAGE_BYTES];
        long weight = 0;
        long nonZero = 0;
        for (int run : present.pick(ZERO_CHECKS, random)) {
            int mask = present.mask(run);
            int chosen = random.nextInt(Integer.bitCount(mask));
            for (; chosen > 0; chosen--) {
                mask &= mask - 1;
            }
            memory.read(present.firstPage(run) + Integer.numberOfTrailingZeros(mask), page, 0);
            int pagesOfRun = Integer.bitCount(present.mask(run));
            weight += pagesOfRun;
            nonZero += PageStatistics.isZero(page, 0) ? 0 : pagesOfRun;
        }
        return weight == 0 ? 0 : (double) nonZero / weight;
    }

    /**
     * Reads the sample for the second time, about a second after the first, and evaluates both readings.
     *
     * @throws IOException           if the process has ended
     * @throws IllegalStateException if {@link #readFirst()} was not called before
     */
    public MemoryFindings readAgain() throws IOException {
        if (present == null) {
            throw new IllegalStateException("Call readFirst() before each readAgain().");
        }
        double seconds = (System.nanoTime() - firstReadNanos) / 1e9;
        boolean[] changed = new boolean[size];
        byte[] now = new byte[MemorySize.PAGE_BYTES];
        int changedPages = 0;
        long changedBytes = 0;
        for (int i = 0; i < size; i++) {
            memory.read(pages[i], now, 0);
            int differing = PageStatistics.differingBytes(before, i * MemorySize.PAGE_BYTES, now);
            changed[i] = differing > 0;
            changedPages += changed[i] ? 1 : 0;
            changedBytes += differing;
        }
        long presentPages = present.present();
        present = null;
        return new MemoryFindings(
                presentPages,
                nonZeroPages,
                content(changedPages, changedBytes),
                size == 0 ? 0 : (double) changedPages / size,
                locality(changed),
                seconds);
    }

    private double locality(boolean[] changed) {
        int withNext = 0;
        int nextChanged = 0;
        for (int i = 0; i + 1 < size; i++) {
            if (changed[i] && pages[i + 1] == pages[i] + 1) {
                withNext++;
                nextChanged += changed[i + 1] ? 1 : 0;
            }
        }
        return withNext == 0 ? 0 : (double) nextChanged / withNext;
    }

    /** Evaluates the non-zero pages; moves those of every other run to the front, which are enough for a compression trial. */
    private PageContent content(int changedPages, long changedBytes) {
        int nonZero = 0;
        int packed = 0;
        double entropy = 0;
        for (int i = 0; i < size; i++) {
            int offset = i * MemorySize.PAGE_BYTES;
            if (!PageStatistics.isZero(before, offset)) {
                entropy += PageStatistics.entropy(before, offset);
                nonZero++;
                if (i / GuestMemory.RUN_PAGES % 2 == 0) {
                    System.arraycopy(before, offset, before, packed, MemorySize.PAGE_BYTES);
                    packed += MemorySize.PAGE_BYTES;
                }
            }
        }
        double zlib = CompressionTrial.zlibRatio(before, packed);
        double zstd = CompressionTrial.zstdRatio(before, packed, zlib);
        return MemoryFindings.content(nonZero == 0 ? 0 : entropy / nonZero, zlib, zstd, changedPages, changedBytes);
    }

    @Override
    public void close() throws IOException {
        memory.close();
    }
}
