package io.github.godwit.host.scatter;

import io.github.godwit.host.scatter.stream.QemuStream.Return;
import io.github.godwit.host.scatter.stream.ReturnPath;
import io.github.godwit.host.scatter.stream.ReturnPath.Message;
import io.github.godwit.host.scatter.stream.SourceStream.Layout;
import io.github.godwit.host.scatter.stream.StreamException;
import java.io.IOException;

/**
 * What a source says to the destination's QEMU whose post-copy is paused, so that it continues (QEMU, migration/migration.c,
 * {@code postcopy_do_resume}): it asks for each block which pages have come, and has it continue.
 */
final class ResumeHandshake {

    private ResumeHandshake() {}

    /**
     * Has QEMU continue.
     *
     * @return which pages it has
     * @throws StreamException if it answers something else
     */
    static PageTable run(QemuFeed out, ReturnPath path, Layout layout, Placement placement) throws IOException {
        PageTable pages = new PageTable(layout.blocks(), placement);
        for (int block = 0; block < layout.blocks().blocks().size(); block++) {
            out.askReceived(block);
            Message answer = next(path);
            if (answer.type() != Return.RECV_BITMAP) {
                throw new StreamException("QEMU does not say which pages it has, but %d".formatted(answer.type()));
            }
            pages.deliver(answer.block(), answer.received());
        }
        out.resume();
        Message answer = next(path);
        if (answer.type() != Return.RESUME_ACK) {
            throw new StreamException("QEMU does not continue, but says %d".formatted(answer.type()));
        }
        return pages;
    }

    /** The next answer. Pages that QEMU asks for meanwhile come with all others. */
    private static Message next(ReturnPath path) throws IOException {
        Message message = path.next();
        while (message.type() == Return.REQ_PAGES || message.type() == Return.REQ_PAGES_ID) {
            message = path.next();
        }
        return message;
    }
}
