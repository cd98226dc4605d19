package io.github.godwit.host.scatter.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads a stream of QEMU. As long as there is a recorder, it gets every byte that was read, at the latest before this waits for more.
 */
public final class RecordedInput {

    private final InputStream in;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 17).flip();
    private OutputStream recorder;
    private int recorded;

    /**
     * @param in       the stream; a read returns what is there
     * @param recorder gets what was read
     */
    RecordedInput(InputStream in, OutputStream recorder) {
        this.in = in;
        this.recorder = recorder;
    }

    /** Gives the recorder the rest of what was read, and no more afterwards. */
    void stopRecording() throws IOException {
        flush();
        recorder = null;
    }

    /** Gives the recorder all that comes, without understanding it, until the stream ends. */
    void passRest() throws IOException {
        flush();
        recorder.write(buffer.array(), buffer.position(), buffer.remaining());
        recorder.flush();
        byte[] part = buffer.array();
        for (int read = in.read(part, 0, part.length); read >= 0; read = in.read(part, 0, part.length)) {
            recorder.write(part, 0, read);
            recorder.flush();
        }
    }

    private void flush() throws IOException {
        if (recorder != null && buffer.position() > recorded) {
            recorder.write(buffer.array(), recorded, buffer.position() - recorded);
            recorder.flush();
        }
        recorded = buffer.position();
    }

    /** Waits until this many bytes are in the buffer. */
    private void need(int bytes) throws IOException {
        if (buffer.remaining() >= bytes) {
            return;
        }
        flush();
        buffer.compact();
        while (buffer.position() < bytes) {
            int read = in.read(buffer.array(), buffer.position(), buffer.remaining());
            if (read < 0) {
                throw new EOFException("QEMU has closed its migration stream");
            }
            buffer.position(buffer.position() + read);
        }
        buffer.flip();
        recorded = 0;
    }

    int u8() throws IOException {
        need(1);
        return buffer.get() & 0xff;
    }

    /** The next byte, which is read again afterwards. */
    int peek() throws IOException {
        need(1);
        return buffer.get(buffer.position()) & 0xff;
    }

    int u16() throws IOException {
        need(Short.BYTES);
        return buffer.getShort() & 0xffff;
    }

    int i32() throws IOException {
        need(Integer.BYTES);
        return buffer.getInt();
    }

    long i64() throws IOException {
        need(Long.BYTES);
        return buffer.getLong();
    }

    /** A string with its length in one byte. */
    String counted() throws IOException {
        byte[] text = new byte[u8()];
        read(text, 0, text.length);
        return new String(text, StandardCharsets.UTF_8);
    }

    void read(byte[] into, int offset, int length) throws IOException {
        int done = 0;
        while (done < length) {
            need(1);
            int part = Math.min(length - done, buffer.remaining());
            buffer.get(into, offset + done, part);
            done += part;
        }
    }

    void skip(long bytes) throws IOException {
        long left = bytes;
        while (left > 0) {
            need(1);
            int part = (int) Math.min(left, buffer.remaining());
            buffer.position(buffer.position() + part);
            left -= part;
        }
    }
}
