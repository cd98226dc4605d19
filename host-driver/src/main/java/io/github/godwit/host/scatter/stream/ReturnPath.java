package io.github.godwit.host.scatter.stream;

import io.github.godwit.host.scatter.stream.QemuStream.Return;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.function.Supplier;

/** Messages on the return path of a migration, which the destination's QEMU sends to the source's. */
public final class ReturnPath {

    private static final int HEAD_BYTES = 2 * Short.BYTES;

    private final DataInputStream in;
    private final Supplier<RamBlocks> memory;
    private int lastBlock = -1;

    /**
     * A message.
     *
     * @param type   its type
     * @param bytes  all of it, with its head
     * @param block  the block of a request or a bitmap; otherwise -1
     * @param first  the first page of a request
     * @param pages  the number of its pages
     * @param received the pages that a bitmap says were received; otherwise null
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Message(int type, byte[] bytes, int block, int first, int pages, BitSet received) {

        /** What a final message says: 0 for success. */
        public int value() {
            return bytes.length < HEAD_BYTES + Integer.BYTES
                    ? 0
                    : ByteBuffer.wrap(bytes).getInt(HEAD_BYTES);
        }
    }

    /**
     * @param memory the blocks of the memory; null before they are known
     */
    public ReturnPath(InputStream in, Supplier<RamBlocks> memory) {
        this.in = new DataInputStream(new BufferedInputStream(in));
        this.memory = memory;
    }

    /** Waits for the next message. */
    public Message next() throws IOException {
        byte[] head = new byte[HEAD_BYTES];
        in.readFully(head);
        int type = ByteBuffer.wrap(head).getShort() & 0xffff;
        int length = ByteBuffer.wrap(head).getShort(Short.BYTES) & 0xffff;
        byte[] bytes = new byte[HEAD_BYTES + length];
        System.arraycopy(head, 0, bytes, 0, HEAD_BYTES);
        in.readFully(bytes, HEAD_BYTES, length);
        ByteBuffer body = ByteBuffer.wrap(bytes, HEAD_BYTES, length);
        RamBlocks blocks = memory.get();
        if (blocks == null) {
            return new Message(type, bytes, -1, 0, 0, null);
        }
        return switch (type) {
            case Return.REQ_PAGES, Return.REQ_PAGES_ID -> request(blocks, type, bytes, body);
            case Return.RECV_BITMAP -> bitmap(blocks, type, bytes, body);
            default -> new Message(type, bytes, -1, 0, 0, null);
        };
    }

    private Message request(RamBlocks blocks, int type, byte[] bytes, ByteBuffer body) throws StreamException {
        long address = body.getLong();
        int length = body.getInt();
        if (type == Return.REQ_PAGES_ID) {
            lastBlock = blocks.index(counted(body));
        }
        int first = Math.toIntExact(address >> QemuStream.PAGE_BITS);
        int pages = Math.max(1, length >> QemuStream.PAGE_BITS);
        if (!blocks.has(lastBlock, first) || !blocks.has(lastBlock, first + pages - 1)) {
            throw new StreamException("The destination's QEMU waits for a page outside of the memory");
        }
        return new Message(type, bytes, lastBlock, first, pages, null);
    }

    private Message bitmap(RamBlocks blocks, int type, byte[] bytes, ByteBuffer body) throws IOException {
        String name = counted(body);
        byte[] bits = new byte[Math.toIntExact(in.readLong())];
        in.readFully(bits);
        if (in.readLong() != QemuStream.BITMAP_ENDING) {
            throw new StreamException("The bitmap of the pages that the destination has is cut");
        }
        return new Message(type, bytes, blocks.index(name), 0, 0, BitSet.valueOf(bits));
    }

    private static String counted(ByteBuffer body) {
        byte[] text = new byte[body.get() & 0xff];
        body.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Asks the source's QEMU for a page. */
    public static void request(OutputStream to, String block, int page) throws IOException {
        byte[] name = block.getBytes(StandardCharsets.UTF_8);
        int length = Long.BYTES + Integer.BYTES + 1 + name.length;
        to.write(ByteBuffer.allocate(HEAD_BYTES + length)
                .putShort((short) Return.REQ_PAGES_ID)
                .putShort((short) length)
                .putLong((long) page << QemuStream.PAGE_BITS)
                .putInt(QemuStream.PAGE_BYTES)
                .put((byte) name.length)
                .put(name)
                .array());
    }

    /** Tells the source's QEMU what the destination's says in the end: that it has everything. */
    public static void shut(OutputStream to) throws IOException {
        to.write(ByteBuffer.allocate(HEAD_BYTES + Integer.BYTES)
                .putShort((short) Return.SHUT)
                .putShort((short) Integer.BYTES)
                .putInt(0)
                .array());
    }
}
