package io.github.godwit.host.profile;

import io.github.godwit.model.unit.MemorySize;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads a guest's memory through {@code /proc/PID/pagemap} and {@code /proc/PID/mem} of its QEMU while the guest runs. Pages are
 * numbered consecutively over all blocks; pages at the end of a block that do not fill a run are left out.
 */
final class GuestMemory implements Closeable {

    /** Number of adjacent pages that are sampled together. */
    static final int RUN_PAGES = 8;

    private final List<RamBlock> blocks;
    private final FileChannel pagemap;
    private final FileChannel memory;

    /**
     * Opens the memory.
     *
     * @throws IOException if the process has ended, or if this process lacks the permission to read its memory
     */
    GuestMemory(Path proc, long pid, List<RamBlock> blocks) throws IOException {
        this.blocks = List.copyOf(blocks);
        Path process = proc.resolve(Long.toString(pid));
        try {
            pagemap = FileChannel.open(process.resolve("pagemap"));
            memory = openMemory(process);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "No permission to read %s: run the host driver as root or with CAP_SYS_PTRACE."
                            .formatted(e.getFile()),
                    e);
        }
    }

    private FileChannel openMemory(Path process) throws IOException {
        try {
            return FileChannel.open(process.resolve("mem"));
        } catch (IOException e) {
            pagemap.close();
            throw e;
        }
    }

    /** Number of pages. */
    long pages() {
        return blocks.stream().mapToLong(GuestMemory::pages).sum();
    }

    private static long pages(RamBlock block) {
        return block.bytes() / MemorySize.PAGE_BYTES / RUN_PAGES * RUN_PAGES;
    }

    /**
     * Reads page table entries (Documentation/admin-guide/mm/pagemap.rst in Linux).
     *
     * @param page  number of the first page
     * @param count maximum number of entries; fewer are returned at the end of a block
     */
    ByteBuffer entries(long page, int count) throws IOException {
        long left = page;
        for (RamBlock block : blocks) {
            if (left < pages(block)) {
                ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(count, pages(block) - left) * Long.BYTES);
                long first = block.address() / MemorySize.PAGE_BYTES + left;
                fill(pagemap, buffer, first * Long.BYTES);
                return buffer.flip().order(ByteOrder.nativeOrder());
            }
            left -= pages(block);
        }
        throw new IndexOutOfBoundsException(
                "Page %2$d does not exist: the guest has %1$d pages.".formatted(pages(), page));
    }

    /** Reads one page into {@code to}, starting at {@code offset}. */
    void read(long page, byte[] to, int offset) throws IOException {
        long left = page;
        for (RamBlock block : blocks) {
            if (left < pages(block)) {
                fill(
                        memory,
                        ByteBuffer.wrap(to, offset, MemorySize.PAGE_BYTES),
                        block.address() + left * MemorySize.PAGE_BYTES);
                return;
            }
            left -= pages(block);
        }
        throw new IndexOutOfBoundsException(
                "Page %2$d does not exist: the guest has %1$d pages.".formatted(pages(), page));
    }

    private static void fill(FileChannel from, ByteBuffer to, long position) throws IOException {
        long at = position;
        while (to.hasRemaining()) {
            int read = from.read(to, at);
            if (read <= 0) {
                throw new EOFException("Cannot read guest memory at 0x%x; QEMU may have ended.".formatted(at));
            }
            at += read;
        }
    }

    @Override
    public void close() throws IOException {
        try (pagemap) {
            memory.close();
        }
    }
}
