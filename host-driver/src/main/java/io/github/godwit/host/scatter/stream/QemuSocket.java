package io.github.godwit.host.scatter.stream;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * A connection with QEMU. One thread may read while another writes, for which the streams of {@link java.nio.channels.Channels} are no good: they
 * share a lock.
 */
public final class QemuSocket implements AutoCloseable {

    private final SocketChannel channel;

    /**
     * Creates it.
     *
     * @param channel the connection, which blocks
     */
    public QemuSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /** What QEMU sends; a read returns what is there. */
    public InputStream in() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return channel.read(ByteBuffer.wrap(into, offset, length));
            }
        };
    }

    /** What QEMU gets, without a buffer. */
    public OutputStream out() {
        return new OutputStream() {
            @Override
            public void write(int one) throws IOException {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer left = ByteBuffer.wrap(bytes, offset, length);
                while (left.hasRemaining()) {
                    channel.write(left);
                }
            }
        };
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            assert e != null; // closed all the same
        }
    }
}
