package io.github.godwit.host.scatter.stream;

import io.github.godwit.host.scatter.stream.QemuStream.Command;
import io.github.godwit.host.scatter.stream.QemuStream.Ram;
import io.github.godwit.host.scatter.stream.QemuStream.Section;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes a stream as QEMU's source does in a post-copy. Real QEMU is in {@code ScatterGatherIT} of the lab. */
public final class SyntheticStream {

    static final int RAM_SECTION = 3;

    private static final String MACHINE = "pc-i440fx-10.0";

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    public byte[] bytes() {
        return bytes.toByteArray();
    }

    public int size() {
        return bytes.size();
    }

    public SyntheticStream header() throws IOException {
        out.writeInt(QemuStream.MAGIC);
        out.writeInt(QemuStream.VERSION);
        out.writeByte(Section.CONFIGURATION);
        out.writeInt(MACHINE.length());
        out.writeBytes(MACHINE);
        return this;
    }

    public SyntheticStream command(int command, byte... data) throws IOException {
        out.writeByte(Section.COMMAND);
        out.writeShort(command);
        out.writeShort(data.length);
        out.write(data);
        return this;
    }

    /** The section of the memory, with its sizes. */
    public SyntheticStream memory(RamBlocks blocks) throws IOException {
        out.writeByte(Section.START);
        out.writeInt(RAM_SECTION);
        counted("ram");
        out.writeInt(0);
        out.writeInt(4);
        long total = blocks.blocks().stream()
                .mapToLong(block -> (long) block.pages() << QemuStream.PAGE_BITS)
                .sum();
        out.writeLong(total | Ram.MEM_SIZE);
        for (RamBlocks.Block block : blocks.blocks()) {
            counted(block.name());
            out.writeLong((long) block.pages() << QemuStream.PAGE_BITS);
        }
        return endOfSection();
    }

    public SyntheticStream section(String name) throws IOException {
        out.writeByte(Section.START);
        out.writeInt(9);
        counted(name);
        out.writeInt(0);
        out.writeInt(1);
        out.writeInt(42);
        return this;
    }

    public SyntheticStream part() throws IOException {
        out.writeByte(Section.PART);
        out.writeInt(RAM_SECTION);
        return this;
    }

    public SyntheticStream page(String block, int page, byte[] content) throws IOException {
        address(block, page, Ram.PAGE);
        out.write(content);
        return this;
    }

    public SyntheticStream filled(String block, int page, int fill) throws IOException {
        address(block, page, Ram.ZERO);
        out.writeByte(fill);
        return this;
    }

    /** Block null for the one before. */
    private void address(String block, int page, long flag) throws IOException {
        out.writeLong((long) page << QemuStream.PAGE_BITS | flag | (block == null ? Ram.CONTINUE : 0));
        if (block != null) {
            counted(block);
        }
    }

    public SyntheticStream endOfSection() throws IOException {
        out.writeLong(Ram.EOS);
        out.writeByte(Section.FOOTER);
        out.writeInt(RAM_SECTION);
        return this;
    }

    public SyntheticStream packaged(int length) throws IOException {
        command(Command.PACKAGED, (byte) (length >> 24), (byte) (length >> 16), (byte) (length >> 8), (byte) length);
        byte[] states = new byte[length];
        Arrays.fill(states, (byte) Section.PART); // looks like a section, and is none
        out.write(states);
        return this;
    }

    public SyntheticStream end() throws IOException {
        out.writeByte(Section.END);
        out.writeInt(RAM_SECTION);
        endOfSection();
        out.writeByte(Section.EOF);
        return this;
    }

    private void counted(String text) throws IOException {
        byte[] name = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(name.length);
        out.write(name);
    }

    /** A page that differs by its seed. */
    public static byte[] content(int seed) {
        byte[] content = new byte[QemuStream.PAGE_BYTES];
        for (int index = 0; index < content.length; index++) {
            content[index] = (byte) (seed * 31 + index);
        }
        return content;
    }
}
