package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.stream.QemuStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Pages on their way to the destination's QEMU: those that it waits for go first. Thread-safe. */
final class FeedQueue {

    /** So few that a page that the VM waits for is not held up by those that are on their way already. */
    private static final int MOST = 2 * PageBatch.MOST_PAGES;

    /** Pages that are filled with one byte take next to no time. */
    private static final int MOST_FILLED = 2 * PageBatch.MOST_ENTRIES;

    private final Deque<Page> urgent = new ArrayDeque<>();
    private final Deque<Page> others = new ArrayDeque<>();
    private int withContent;
    private boolean closed;

    /**
     * A page.
     *
     * @param content null for one of which every byte is {@code fill}
     * @param offset  where the content begins
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Page(int block, int page, byte[] content, int offset, byte fill) {

        /** Writes it for {@link #read}. */
        void write(DataOutputStream out) throws IOException {
            out.writeShort(block);
            out.writeInt(page);
            out.writeBoolean(content == null);
            if (content == null) {
                out.writeByte(fill);
            } else {
                out.write(content, offset, QemuStream.PAGE_BYTES);
            }
        }

        /** Reads what {@link #write} has written. */
        static Page read(DataInputStream in) throws IOException {
            int block = in.readUnsignedShort();
            int page = in.readInt();
            if (in.readBoolean()) {
                return new Page(block, page, null, 0, in.readByte());
            }
            byte[] content = new byte[QemuStream.PAGE_BYTES];
            in.readFully(content);
            return new Page(block, page, content, 0, (byte) 0);
        }
    }

    /** Adds a page that the VM waits for. */
    synchronized void urgent(Page page) {
        urgent.add(page);
        notifyAll();
    }

    /** Adds another page; waits until there is room. */
    synchronized void add(Page page) throws InterruptedException {
        while (!closed && (withContent >= MOST || others.size() >= MOST_FILLED)) {
            wait();
        }
        others.add(page);
        withContent += page.content() == null ? 0 : 1;
        notifyAll();
    }

    /** Whether a page is there, so that {@link #take} does not wait. */
    synchronized boolean isEmpty() {
        return urgent.isEmpty() && others.isEmpty();
    }

    /** The next page; waits for one. Null if the queue was closed. */
    synchronized Page take() throws InterruptedException {
        while (!closed && urgent.isEmpty() && others.isEmpty()) {
            wait();
        }
        if (closed) {
            return null;
        }
        if (!urgent.isEmpty()) {
            return urgent.poll();
        }
        Page page = others.poll();
        withContent -= page.content() == null ? 0 : 1;
        notifyAll();
        return page;
    }

    /** Ends all waits. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
