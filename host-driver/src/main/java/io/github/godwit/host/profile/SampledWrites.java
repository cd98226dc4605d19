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
 * A dirty curve without QEMU's help: reads a sample of a guest's pages, and reads them again when each window is over. A page whose
 * checksum is another was written. As QEMU's page-sampling, it does not see writes that change nothing. For one thread.
 */
final class SampledWrites implements Closeable {

    /** Reading them takes some 15 ms of CPU. */
    private static final int PAGES = 8192;

    private final GuestMemory memory;
    private final Random random;
    private final CRC32C checksum = new CRC32C();
    private final byte[] page = new byte[MemorySize.PAGE_BYTES];

    /**
     * @param proc   where {@code /proc} is
     * @param pid    QEMU's process id
     * @param blocks where the guest's memory is in that process
     * @param seed   of the random sample
     * @throws IOException when the process has ended or this one may not read its memory
     */
    SampledWrites(Path proc, long pid, List<RamBlock> blocks, long seed) throws IOException {
        this.memory = new GuestMemory(proc, pid, blocks);
        this.random = new Random(seed);
    }

    /**
     * Measures through windows that all begin now; takes as long as the longest of them that fits.
     *
     * @param windowsMillis lengths of the windows, rising
     * @param limitPages    the most that the VM can dirty: its non-zero pages
     * @param deadline      windows that do not end before are left out, all but the first
     * @throws IOException when the process has ended
     */
    DirtyCurve measure(int[] windowsMillis, long limitPages, Deadline deadline)
            throws IOException, InterruptedException {
        PresentPages present = new PresentPages(memory);
        long[] sample = sample(present);
        long[] before = new long[sample.length];
        long begun = System.nanoTime();
        for (int i = 0; i < sample.length; i++) {
            before[i] = checksum(sample[i]);
        }
        List<DirtyCurve.Point> points = new ArrayList<>();
        for (int window : windowsMillis) {
            long ends = begun + TimeUnit.MILLISECONDS.toNanos(window);
            if (!points.isEmpty() && ends - deadline.nanos() > 0) {
                break;
            }
            TimeUnit.NANOSECONDS.sleep(ends - System.nanoTime());
            double seconds = (System.nanoTime() - begun) / 1e9;
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
