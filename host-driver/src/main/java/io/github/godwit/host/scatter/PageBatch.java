package io.github.godwit.host.scatter;

import com.github.luben.zstd.Zstd;
import io.github.godwit.host.scatter.stream.QemuStream;
import io.github.godwit.host.scatter.stream.StreamException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Pages that are stored together. Its form: an index of the number of pages in two bytes, the CRC-32 of what follows in four, and
 * {@value #ENTRY_BYTES} bytes for each page, and then the content of those that are not filled with one byte. An entry has the block (two bytes), the page, whether it is filled and with what (one byte each), the CRC-32
 * of its content, and how many bytes that takes (two bytes): fewer than a page if it is compressed with zstd.
 */
final class PageBatch {

    /** Pages with content, or more if they are compressed into their room. The paper found most of the gain with ten. */
    static final int MOST_PAGES = 12;

    /** Pages that are filled with one byte hardly take room. */
    static final int MOST_ENTRIES = 1_000;

    static final int ENTRY_BYTES = 14;

    private static final int ZSTD_LEVEL = 1;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private static final int HEAD_BYTES = Short.BYTES + Integer.BYTES;

    /** The longest index. */
    static final int MOST_INDEX_BYTES = HEAD_BYTES + MOST_ENTRIES * ENTRY_BYTES;

    private final ByteBuffer entries = ByteBuffer.allocate(MOST_ENTRIES * ENTRY_BYTES);
    private final ByteBuffer content = ByteBuffer.allocate(MOST_PAGES * QemuStream.PAGE_BYTES);
    private final boolean zstd;

    /**
     * An empty batch.
     *
     * @param zstd whether pages are compressed that become smaller by it
     */
    PageBatch(boolean zstd) {
        this.zstd = zstd;
    }

    /** Adds a page with content. */
    void add(int block, int page, byte[] bytes) {
        byte[] stored = zstd ? Zstd.compress(bytes, ZSTD_LEVEL) : bytes;
        if (stored.length >= QemuStream.PAGE_BYTES) {
            stored = bytes;
        }
        entries.putShort((short) block).putInt(page).put((byte) 0).put((byte) 0);
        entries.putInt(checksum(bytes, 0)).putShort((short) stored.length);
        content.put(stored);
    }

    /** Adds a page of which every byte is the same. */
    void add(int block, int page, byte fill) {
        entries.putShort((short) block).putInt(page).put((byte) 1).put(fill);
        entries.putInt(0).putShort((short) 0);
    }

    boolean isFull() {
        return !entries.hasRemaining() || content.remaining() < QemuStream.PAGE_BYTES;
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
                .putInt(checksum(entries.array(), 0, entries.position()))
                .put(entries.array(), 0, entries.position())
                .put(content.array(), 0, content.position())
                .array();
    }

    static int checksum(byte[] bytes, int offset) {
        return checksum(bytes, offset, QemuStream.PAGE_BYTES);
    }

    /** The CRC-32 of some bytes. */
    static int checksum(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Length of the index of a batch that begins with these bytes. */
    static int indexBytes(byte[] stored) {
        return HEAD_BYTES + (ByteBuffer.wrap(stored).getShort(0) & 0xffff) * ENTRY_BYTES;
    }

    /** What is in a batch, without the content. */
    static final class Index {
        private final byte[] entries;

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
            int sum = ByteBuffer.wrap(stored).getInt(Short.BYTES);
            if (PageBatch.checksum(stored, HEAD_BYTES, indexBytes(stored) - HEAD_BYTES) != sum) {
                throw new StreamException("The index of a batch of pages is damaged");
            }
            entries = Arrays.copyOfRange(stored, HEAD_BYTES, indexBytes(stored)); // nothing more is kept
        }

        int count() {
            return entries.length / ENTRY_BYTES;
        }

        int block(int entry) {
            return (short) SHORT.get(entries, entry * ENTRY_BYTES) & 0xffff;
        }

        int page(int entry) {
            return (int) INT.get(entries, entry * ENTRY_BYTES + 2);
        }

        boolean isFilled(int entry) {
            return entries[entry * ENTRY_BYTES + 6] != 0;
        }

        byte fill(int entry) {
            return entries[entry * ENTRY_BYTES + 7];
        }

        private int checksum(int entry) {
            return (int) INT.get(entries, entry * ENTRY_BYTES + 8);
        }

        /** Where the content of a page is in the stored batch. */
        int offset(int entry) {
            int offset = HEAD_BYTES + entries.length;
            for (int before = 0; before < entry; before++) {
                offset += length(before);
            }
            return offset;
        }

        /** How many bytes the content of a page takes in the stored batch; 0 for one that is filled. */
        int length(int entry) {
            return (short) SHORT.get(entries, entry * ENTRY_BYTES + 12);
        }

        /**
         * A page.
         *
         * @param bytes has its content at {@code offset} as it is stored; not used for a page that is filled
         * @return empty if that is not what the source sent
         */
        Optional<FeedQueue.Page> page(int entry, byte[] bytes, int offset) {
            if (isFilled(entry)) {
                return Optional.of(new FeedQueue.Page(block(entry), page(entry), null, 0, fill(entry)));
            }
            if (bytes.length < offset + length(entry)) {
                return Optional.empty();
            }
            boolean compressed = length(entry) < QemuStream.PAGE_BYTES;
            byte[] content = compressed ? decompressed(bytes, offset, length(entry)) : bytes;
            int begin = compressed ? 0 : offset;
            return content != null && PageBatch.checksum(content, begin) == checksum(entry)
                    ? Optional.of(new FeedQueue.Page(block(entry), page(entry), content, begin, (byte) 0))
                    : Optional.empty();
        }

        /** Null if that is no page. */
        private static byte[] decompressed(byte[] bytes, int offset, int length) {
            byte[] page = new byte[QemuStream.PAGE_BYTES];
            long size = Zstd.decompressByteArray(page, 0, page.length, bytes, offset, length);
            return !Zstd.isError(size) && size == page.length ? page : null;
        }
    }
}
