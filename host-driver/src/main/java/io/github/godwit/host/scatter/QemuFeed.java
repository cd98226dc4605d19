package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.stream.QemuStream;
import io.github.godwit.host.scatter.stream.QemuStream.Command;
import io.github.godwit.host.scatter.stream.QemuStream.Ram;
import io.github.godwit.host.scatter.stream.QemuStream.Section;
import io.github.godwit.host.scatter.stream.SourceStream.Layout;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes the rest of a post-copy to the destination's QEMU, as the source's QEMU would: one section of memory with all pages, and the end. */
final class QemuFeed {

    private final DataOutputStream out;
    private final Layout layout;
    private int lastBlock = -1;

    QemuFeed(OutputStream qemu, Layout layout) {
        this.out = new DataOutputStream(new BufferedOutputStream(qemu, 1 << 16));
        this.layout = layout;
    }

    /** Asks for the pages of a block that QEMU has received, where its connection broke; it answers on the return path. */
    void askReceived(int block) throws IOException {
        byte[] name = layout.blocks().name(block).getBytes(StandardCharsets.UTF_8);
        command(Command.RECV_BITMAP, 1 + name.length);
        out.writeByte(name.length);
        out.write(name);
        out.flush();
    }

    /** Has QEMU continue on a new connection; it answers on the return path. */
    void resume() throws IOException {
        command(Command.POSTCOPY_RESUME, 0);
        out.flush();
    }

    private void command(int command, int length) throws IOException {
        out.writeByte(Section.COMMAND);
        out.writeShort(command);
        out.writeShort(length);
    }

    /** Begins the section. */
    void begin() throws IOException {
        section(Section.PART);
    }

    private void section(int type) throws IOException {
        out.writeByte(type);
        out.writeInt(layout.section());
    }

    /** Writes a page; {@link #flush} sends it. */
    void page(FeedQueue.Page page) throws IOException {
        long flags = page.content() == null ? Ram.ZERO : Ram.PAGE;
        boolean same = page.block() == lastBlock;
        out.writeLong((long) page.page() << QemuStream.PAGE_BITS | flags | (same ? Ram.CONTINUE : 0));
        if (!same) {
            byte[] name = layout.blocks().name(page.block()).getBytes(StandardCharsets.UTF_8);
            out.writeByte(name.length);
            out.write(name);
            lastBlock = page.block();
        }
        if (page.content() == null) {
            out.writeByte(page.fill());
        } else {
            out.write(page.content(), page.offset(), QemuStream.PAGE_BYTES);
        }
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Ends the section and the stream. */
    void end() throws IOException {
        endOfSection();
        section(Section.END);
        endOfSection();
        out.writeByte(Section.EOF);
        out.flush();
    }

    private void endOfSection() throws IOException {
        out.writeLong(Ram.EOS);
        if (layout.footers()) {
            out.writeByte(Section.FOOTER);
            out.writeInt(layout.section());
        }
    }
}
