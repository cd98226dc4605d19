package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.stream.QemuStream;
import io.github.godwit.host.scatter.stream.StreamException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Pages that are stored together. Its form: the number of pages in two bytes, {@value #ENTRY_BYTES} bytes for each page, and then the content of
 * those that are not filled with one byte. An entry has the block (two bytes), the page, whether it is filled and with what (one byte each), and the CRC-32 of its content.
 */
final class PageBatch {

    /** Pages with content. The paper found most of the gain with ten. */
    static final int MOST_PAGES = 12;

    /** Pages that are filled with one byte hardly take room. */
    static final int MOST_ENTRIES = 1_000;

    static final int ENTRY_BYTES = 12;

    private static final int HEAD_BYTES = Short.BYTES;

    /** The longest index. */
    static final int MOST_INDEX_BYTES = HEAD_BYTES + MOST_ENTRIES * ENTRY_BYTES;

    private final ByteBuffer entries = ByteBuffer.allocate(MOST_ENTRIES * ENTRY_BYTES);
    private final ByteBuffer content = ByteBuffer.allocate(MOST_PAGES * QemuStream.PAGE_BYTES);

    /** Adds a page with content. */
    void add(int block, int page, byte[] bytes) {
        entries.putShort((short) block).putInt(page).put((byte) 0).put((byte) 0).putInt(checksum(bytes, 0));
        content.put(bytes);
    }

    /** Adds a page of which every byte is the same. */
    void add(int block, int page, byte fill) {
        entries.putShort((short) block).putInt(page).put((byte) 1).put(fill).putInt(0);
    }

    boolean isFull() {
        return !entries.hasRemaining() || !content.hasRemaining();
    }

    boolean isEmpty() {
        return entries.position() == 0;
    }

    int pages() {
        return entries.position() / ENTRY_BYTES;
    }

    /** The batch as it is stored. */
    byte[] bytes() {
        return ByteBuffer.allocate(HEAD_BYTES + entries.position() + content.position())
                .putShort((short) pages())
                .put(entries.array(), 0, entries.position())
                .put(content.array(), 0, content.position())
                .array();
    }

    static int checksum(byte[] bytes, int offset) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, QemuStream.PAGE_BYTES);
        return (int) crc.getValue();
    }

    /** Length of the index of a batch that begins with these bytes. */
    static int indexBytes(byte[] stored) {
        return HEAD_BYTES + (ByteBuffer.wrap(stored).getShort(0) & 0xffff) * ENTRY_BYTES;
    }

    /** What is in a batch, without the content. */
    static final class Index {
        private final ByteBuffer entries;
        private final int count;
        private final int[] offsets;

        /**
         * Reads the index.
         *
         * @param stored the batch, or its first {@link #indexBytes}
         * @throws StreamException if that is not a batch
         */
        Index(byte[] stored) throws StreamException {
            if (stored.length < HEAD_BYTES || stored.length < indexBytes(stored)) {
                throw new StreamException("A batch of pages is cut");
            }
            entries = ByteBuffer.wrap(stored, HEAD_BYTES, indexBytes(stored) - HEAD_BYTES)
                    .slice();
            count = entries.limit() / ENTRY_BYTES;
            offsets = new int[count];
            int offset = indexBytes(stored);
            for (int entry = 0; entry < count; entry++) {
                offsets[entry] = offset;
                offset += isFilled(entry) ? 0 : QemuStream.PAGE_BYTES;
            }
        }

        int count() {
            return count;
        }

        int block(int entry) {
            return entries.getShort(entry * ENTRY_BYTES) & 0xffff;
        }

        int page(int entry) {
            return entries.getInt(entry * ENTRY_BYTES + 2);
        }

        boolean isFilled(int entry) {
            return entries.get(entry * ENTRY_BYTES + 6) != 0;
        }

        byte fill(int entry) {
            return entries.get(entry * ENTRY_BYTES + 7);
        }

        private int checksum(int entry) {
            return entries.getInt(entry * ENTRY_BYTES + 8);
        }

        /** Where the content of a page is in the stored batch. */
        int offset(int entry) {
            return offsets[entry];
        }

        /**
         * Checks the content of a page.
         *
         * @param bytes has it at {@code offset}
         * @return whether it is what the source sent
         */
        boolean holds(int entry, byte[] bytes, int offset) {
            return bytes.length >= offset + QemuStream.PAGE_BYTES
                    && PageBatch.checksum(bytes, offset) == checksum(entry);
        }
    }
}
