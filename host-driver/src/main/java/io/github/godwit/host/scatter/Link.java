package io.github.godwit.host.scatter;

import io.github.godwit.common.DaemonThreads;
import io.github.godwit.host.scatter.stream.StreamException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection between the host drivers of the source and the destination: frames of a kind, a length of four bytes, and the content. Frames may be
 * sent by several threads, and are received by one. Both sides send something every two seconds, so that a silent link is noticed.
 */
final class Link implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private static final Duration PULSE = Duration.ofSeconds(2);

    /** A link on which nothing came for so long is broken. */
    static final Duration SILENCE = Duration.ofSeconds(15);

    /** How long the other side may take for them. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private static final int MOST_BYTES = 1 << 20;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    /** What a frame has. */
    enum Kind {
        /** The source's: the key of the migration, which the destination has handed out. */
        HELLO(1),
        /** From either side: it is still there. */
        PULSE(2),
        /** The source's: bytes of QEMU's stream for the destination's QEMU. */
        STREAM(3),
        /** The source's: the VM is about to change hosts; the layout of the memory. */
        SWITCHING(4),
        /** The source's: the VM has changed hosts, and QEMU's stream goes no further. */
        SWITCHED(5),
        /** The source's: the number of a batch that is stored, and its index. */
        STORED(6),
        /** The source's: a page that the destination waits for. */
        PAGE(7),
        /** The source's: QEMU has sent every page; the number of batches, of which some may not be stored yet. */
        END(8),
        /** The destination's: it has written down what it, or its next host driver, needs to know to continue alone. */
        RECORDED(9),
        /** The destination's: bytes of the return path for the source's QEMU. */
        RETURN(10),
        /** The destination's: its QEMU has loaded the devices. */
        LOADED(11),
        /** The destination's: block and page that the VM waits for. */
        REQUEST(12),
        /** From either side: why it gives up. */
        FAILED(13),
        /** The source's: QEMU has sent every page, and none again, but not all have come yet; {@link #END} follows. */
        LAST(14);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        private static Kind of(int number) throws StreamException {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new StreamException("The other host driver has sent something that is no frame");
        }
    }

    /**
     * A frame that was received.
     *
     * @param kind    its kind
     * @param content what it has
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Frame(Kind kind, byte[] content) {
        DataInputStream in() {
            return new DataInputStream(new ByteArrayInputStream(content));
        }
    }

    /** Writes the content of a frame. */
    @FunctionalInterface
    interface Content {
        void write(DataOutputStream to) throws IOException;
    }

    Link(Socket socket) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) SILENCE.toMillis());
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 16));
    }

    synchronized void send(Kind kind, byte[] content, int offset, int length) throws IOException {
        out.writeByte(kind.number);
        out.writeInt(length);
        out.write(content, offset, length);
        out.flush();
    }

    void send(Kind kind, byte[] content) throws IOException {
        send(kind, content, 0, content.length);
    }

    void send(Kind kind, Content content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        content.write(new DataOutputStream(bytes));
        send(kind, bytes.toByteArray());
    }

    void send(Kind kind) throws IOException {
        send(kind, new byte[0]);
    }

    /** Says why this side gives up, and closes the connection, also if the other side does not take it. */
    void fail(String reason) {
        Thread last = DaemonThreads.start("link-fails", () -> {
            try {
                send(Kind.FAILED, reason.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                LOG.debug("The other side does not learn why this one gives up: {}", reason, e);
            }
        });
        try {
            last.join(LAST_WORDS.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            close();
        }
    }

    /** Says that this side is still there, as often as it must, while that is wanted. The pause is bounded: nobody has to end it. */
    void pulse(BooleanSupplier wanted) throws IOException, InterruptedException {
        while (wanted.getAsBoolean()) {
            send(Kind.PULSE);
            TimeUnit.NANOSECONDS.sleep(PULSE.toNanos());
        }
    }

    /** How long the other side may say nothing. */
    void silence(Duration most) throws IOException {
        socket.setSoTimeout((int) most.toMillis());
    }

    /**
     * Waits for a frame.
     *
     * @throws IOException if the connection broke, was silent for too long, or has something that is no frame
     */
    Frame receive() throws IOException {
        Kind kind = Kind.of(in.readUnsignedByte());
        int length = in.readInt();
        if (length < 0 || length > MOST_BYTES) {
            throw new StreamException("The other host driver has sent a frame of %d bytes".formatted(length));
        }
        byte[] content = new byte[length];
        in.readFully(content);
        return new Frame(kind, content);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            assert e != null; // closed all the same
        }
    }
}
