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
 * The guest's memory, read from outside through {@code /proc/PID/pagemap} and {@code /proc/PID/mem} while the guest runs.
 * Its pages are numbered through all blocks; a block's last pages that fill no whole run are left out.
 */
final class GuestMemory implements Closeable {

    /** Neighbouring pages that are looked at together. */
    static final int RUN_PAGES = 8;

    private final List<RamBlock> blocks;
    private final FileChannel pagemap;
    private final FileChannel memory;

    /**
     * @throws IOException when the process has ended or this one may not look into it
     */
    GuestMemory(Path proc, long pid, List<RamBlock> blocks) throws IOException {
        this.blocks = List.copyOf(blocks);
        Path process = proc.resolve(Long.toString(pid));
        try {
            pagemap = FileChannel.open(process.resolve("pagemap"));
            memory = openMemory(process);
        } catch (AccessDeniedException e) {
            throw new IOException(
                    "May not read %s: the agent needs to be root or to have CAP_SYS_PTRACE.".formatted(e.getFile()), e);
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

    /** How many pages there are. */
    long pages() {
        return blocks.stream().mapToLong(GuestMemory::pages).sum();
    }

    private static long pages(RamBlock block) {
        return block.bytes() / MemorySize.PAGE_BYTES / RUN_PAGES * RUN_PAGES;
    }

    /**
     * Reads the page table's entries from a page on.
     *
     * @param page  number of the first page
     * @param count how many at most; fewer come back where a block ends
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
        throw new IndexOutOfBoundsException("The guest has %d pages, no page %d.".formatted(pages(), page));
    }

    /** Reads one page to {@code offset} of {@code to}. */
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
        throw new IndexOutOfBoundsException("The guest has %d pages, no page %d.".formatted(pages(), page));
    }

    private static void fill(FileChannel from, ByteBuffer to, long position) throws IOException {
        long at = position;
        while (to.hasRemaining()) {
            int read = from.read(to, at);
            if (read <= 0) {
                throw new EOFException("Guest memory ends at 0x%x; perhaps QEMU has ended.".formatted(at));
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
