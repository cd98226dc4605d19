package io.github.godwit.host.scatter.stream;

import io.github.godwit.host.scatter.stream.QemuStream.Command;
import io.github.godwit.host.scatter.stream.QemuStream.Ram;
import io.github.godwit.host.scatter.stream.QemuStream.Section;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads what the source's QEMU sends in a post-copy over one connection. Until the switch, which ends with the package of device states,
 * everything is passed on as it is. Afterwards come only pages, each once.
 */
public final class SourceStream {

    /** What becomes of the stream. */
    public interface Sink {
        /** The VM is about to change hosts. */
        void switching(Layout layout) throws IOException;

        /** The VM has changed hosts; only pages follow. */
        void switched() throws IOException;

        /** A page with content; the array is used again afterwards. */
        void page(int block, int page, byte[] content) throws IOException;

        /** A page of which every byte is the same. */
        void filled(int block, int page, byte content) throws IOException;

        /** QEMU has sent all pages. */
        void end() throws IOException;
    }

    /**
     * What the destination's stream has to look like.
     *
     * @param blocks  the memory
     * @param section id of its section
     * @param footers whether sections have footers
     */
    public record Layout(RamBlocks blocks, int section, boolean footers) {

        /** Writes it for {@link #read}. */
        public void write(DataOutputStream out) throws IOException {
            blocks.write(out);
            out.writeInt(section);
            out.writeBoolean(footers);
        }

        /** Reads what {@link #write} has written. */
        public static Layout read(DataInputStream in) throws IOException {
            return new Layout(RamBlocks.read(in), in.readInt(), in.readBoolean());
        }
    }

    private static final String RAM = "ram";

    /** A machine's name is not longer than that. */
    private static final int MOST_CONFIGURATION = 1 << 10;

    private final RecordedInput in;
    private final Sink sink;
    private final byte[] content = new byte[QemuStream.PAGE_BYTES];
    private RamBlocks blocks;
    private int section = -1;
    private boolean footers;
    private boolean switched;
    private int lastBlock = -1;

    /**
     * @param passOn gets everything until the switch
     * @param sink   gets the pages after it
     */
    public SourceStream(InputStream in, OutputStream passOn, Sink sink) {
        this.in = new RecordedInput(in, passOn);
        this.sink = sink;
    }

    /**
     * Reads to the end.
     *
     * @throws StreamException      if the stream has something unknown; nothing after it can be understood
     * @throws java.io.EOFException if it ends before its end
     */
    public void read() throws IOException {
        if (in.i32() != QemuStream.MAGIC || in.i32() != QemuStream.VERSION) {
            throw new StreamException("QEMU's migration stream does not begin with its magic number");
        }
        if (in.peek() == Section.CONFIGURATION) {
            in.u8();
            configuration();
        }
        int type = in.u8();
        while (type != Section.EOF) {
            item(type);
            type = in.u8();
        }
        sink.end();
    }

    /** Whether the VM has changed hosts. */
    public boolean hasSwitched() {
        return switched;
    }

    /** Passes on what is left of a stream that could not be understood before the switch. */
    public void passRest() throws IOException {
        in.passRest();
    }

    private void configuration() throws IOException {
        int length = in.i32();
        if (length < 0 || length > MOST_CONFIGURATION) {
            throw new StreamException("QEMU's migration stream has a configuration of %d bytes".formatted(length));
        }
        in.skip(length);
        if (in.peek() == Section.SUBSECTION) {
            throw new StreamException("QEMU's migration stream has a configuration with subsections");
        }
    }

    private void item(int type) throws IOException {
        switch (type) {
            case Section.COMMAND -> command();
            case Section.START -> start();
            case Section.PART, Section.END -> {
                if (in.i32() != section) {
                    throw new StreamException("QEMU's migration stream has a section that is not memory");
                }
                pages();
                footer();
            }
            default -> throw new StreamException("QEMU's migration stream has a section of type %d".formatted(type));
        }
    }

    private void command() throws IOException {
        int command = in.u16();
        int length = in.u16();
        if (switched && command == Command.PING) {
            in.skip(length); // for traces; QEMU does not wait for the answer
            return;
        }
        if (switched) {
            throw new StreamException("QEMU's migration stream has command %d after the switch".formatted(command));
        }
        if (command != Command.PACKAGED) {
            in.skip(length);
            return;
        }
        if (blocks == null) {
            throw new StreamException("QEMU's migration stream has no memory before the switch");
        }
        long bytes = Integer.toUnsignedLong(in.i32());
        sink.switching(new Layout(blocks, section, footers));
        switched = true;
        in.skip(bytes);
        in.stopRecording();
        sink.switched();
    }

    private void start() throws IOException {
        int id = in.i32();
        String name = in.counted();
        in.skip(2 * Integer.BYTES); // instance and version
        if (!name.equals(RAM)) {
            throw new StreamException("QEMU's migration stream has a section '%s'".formatted(name));
        }
        section = id;
        pages();
        footer();
    }

    /** Footers have been there since QEMU 2.4, but for machine types that are older. */
    private void footer() throws IOException {
        if (in.peek() == Section.FOOTER) {
            in.skip(1 + Integer.BYTES);
            footers = true;
        }
    }

    private void pages() throws IOException {
        while (true) {
            long header = in.i64();
            long flags = header & Ram.FLAGS;
            long address = header & ~Ram.FLAGS;
            if (flags == Ram.EOS) {
                return;
            }
            if (flags == Ram.MEM_SIZE) {
                sizes(address);
            } else {
                page(address, flags);
            }
        }
    }

    private void sizes(long total) throws IOException {
        List<RamBlocks.Block> found = new ArrayList<>();
        long left = total;
        while (left > 0) {
            String name = in.counted();
            long bytes = in.i64();
            if (bytes <= 0 || bytes > left || bytes % QemuStream.PAGE_BYTES != 0) {
                throw new StreamException("QEMU's migration stream has memory '%s' of %d bytes".formatted(name, bytes));
            }
            found.add(new RamBlocks.Block(name, Math.toIntExact(bytes >> QemuStream.PAGE_BITS)));
            left -= bytes;
        }
        blocks = new RamBlocks(found);
    }

    private void page(long address, long flags) throws IOException {
        long kind = flags & ~Ram.CONTINUE;
        if (kind != Ram.PAGE && kind != Ram.ZERO) {
            throw new StreamException("QEMU's migration stream has pages with flags 0x%x".formatted(flags));
        }
        if ((flags & Ram.CONTINUE) == 0) {
            lastBlock = blocks == null ? -1 : blocks.index(in.counted());
        }
        int page = Math.toIntExact(address >> QemuStream.PAGE_BITS);
        if (blocks == null || !blocks.has(lastBlock, page)) {
            throw new StreamException("QEMU's migration stream has a page outside of the memory");
        }
        if (kind == Ram.ZERO) {
            byte fill = (byte) in.u8();
            if (switched) {
                sink.filled(lastBlock, page, fill);
            }
        } else if (switched) {
            in.read(content, 0, content.length);
            sink.page(lastBlock, page, content);
        } else {
            in.skip(content.length);
        }
    }
}
