package io.github.godwit.host.scatter.stream;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The blocks of a VM's memory, in the order in which QEMU announces them.
 *
 * @param blocks at most {@value #MOST}
 */
public record RamBlocks(List<Block> blocks) {

    private static final int MOST = 0xffff;

    /**
     * A block.
     *
     * @param name  QEMU's name for it
     * @param pages its size in pages of 4 KiB
     */
    public record Block(String name, int pages) {}

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are too many
     */
    public RamBlocks {
        blocks = List.copyOf(blocks);
        if (blocks.size() > MOST) {
            throw new IllegalArgumentException(
                    "A VM with %d blocks of memory cannot be scattered.".formatted(blocks.size()));
        }
    }

    /** The index of a block; -1 if there is none of this name. */
    public int index(String name) {
        for (int index = 0; index < blocks.size(); index++) {
            if (blocks.get(index).name().equals(name)) {
                return index;
            }
        }
        return -1;
    }

    /** The name of a block. */
    public String name(int index) {
        return blocks.get(index).name();
    }

    /** Whether a block has this page. */
    public boolean has(int block, int page) {
        return block >= 0
                && block < blocks.size()
                && page >= 0
                && page < blocks.get(block).pages();
    }

    /** Writes them for {@link #read}. */
    public void write(DataOutputStream out) throws IOException {
        out.writeShort(blocks.size());
        for (Block block : blocks) {
            out.writeUTF(block.name());
            out.writeInt(block.pages());
        }
    }

    /** Reads what {@link #write} has written. */
    public static RamBlocks read(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        List<Block> blocks = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            blocks.add(new Block(in.readUTF(), in.readInt()));
        }
        return new RamBlocks(blocks);
    }
}
