package io.github.godwit.host.profile;

import io.github.godwit.model.profile.DirtyCurve;
import io.github.godwit.model.unit.MemorySize;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Measures a dirty curve without QEMU's monitor: reads a sample of a guest's pages, and reads it again at the end of each window. A
 * page with a different checksum was written. As QEMU's page-sampling, it does not detect writes of unchanged content. Not safe for
 * several threads.
 */
final class SampledWrites implements Closeable {

    /** Reading this many takes some 15 ms of CPU time. */
    private static final int PAGES = 8192;

    private final GuestMemory memory;
    private final Random random;
    private final CRC32C checksum = new CRC32C();
    private final byte[] page = new byte[MemorySize.PAGE_BYTES];

    /**
     * Opens the memory of a guest.
     *
     * @param proc   the mount point of procfs, {@code /proc}
     * @param pid    process id of QEMU
     * @param blocks the guest's memory in QEMU's address space
     * @param seed   seed of the random sample
     * @throws IOException if the process has ended, or if this process lacks the permission to read its memory
     */
    SampledWrites(Path proc, long pid, List<RamBlock> blocks, long seed) throws IOException {
        this.memory = new GuestMemory(proc, pid, blocks);
        this.random = new Random(seed);
    }

    /**
     * Measures windows that all begin now, and returns at the end of the last one.
     *
     * @param windowsMillis lengths of the windows in ms, in increasing order
     * @param limitPages    the number of pages that the VM can dirty at most: its non-zero pages
     * @param deadline      windows that end later are left out, except for the first
     * @throws IOException if the process has ended
     */
    DirtyCurve measure(int[] windowsMillis, long limitPages, Deadline deadline)
            throws IOException, InterruptedException {
        PresentPages present = new PresentPages(memory);
        long[] sample = sample(present);
        long[] before = new long[sample.length];
        long start = System.nanoTime();
        for (int i = 0; i < sample.length; i++) {
            before[i] = checksum(sample[i]);
        }
        List<DirtyCurve.Point> points = new ArrayList<>();
        for (int window : windowsMillis) {
            long end = start + TimeUnit.MILLISECONDS.toNanos(window);
            if (!points.isEmpty() && end - deadline.nanos() > 0) {
                break;
            }
            TimeUnit.NANOSECONDS.sleep(end - System.nanoTime());
            double seconds = (System.nanoTime() - start) / 1e9;
            int changed = 0;
            for (int i = 0; i < sample.length; i++) {
                changed += checksum(sample[i]) == before[i] ? 0 : 1;
            }
            double share = sample.length == 0 ? 0 : (double) changed / sample.length;
            if (points.isEmpty() || seconds > points.get(points.size() - 1).windowSeconds()) {
                points.add(new DirtyCurve.Point(seconds, share * present.present()));
            }
        }
        return new DirtyCurve(points, limitPages);
    }

    private long[] sample(PresentPages present) {
        int[] runs = present.pick(PAGES, random);
        long[] sample = new long[runs.length];
        for (int i = 0; i < runs.length; i++) {
            int mask = present.mask(runs[i]);
            for (int skip = random.nextInt(Integer.bitCount(mask)); skip > 0; skip--) {
                mask &= mask - 1;
            }
            sample[i] = present.firstPage(runs[i]) + Integer.numberOfTrailingZeros(mask);
        }
        return sample;
    }

    private long checksum(long number) throws IOException {
        memory.read(number, page, 0);
        checksum.reset();
        checksum.update(page, 0, page.length);
        return checksum.getValue();
    }

    @Override
    public void close() throws IOException {
        memory.close();
    }
}
