package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** Reads the messages of a QMP server: one JSON object per line. Not safe for several threads. */
final class QmpMessages {

    /** Far more than QEMU's longest response: a peer that sends a longer line is not QEMU. */
    static final int MAX_LINE_BYTES = 8 << 20;

    private static final int MAX_QUOTE_CHARS = 80;

    private final ReadableByteChannel channel;
    private final ObjectMapper json;
    private final ByteBuffer buffer = ByteBuffer.allocate(16 << 10).flip();

    QmpMessages(ReadableByteChannel channel, ObjectMapper json) {
        this.channel = channel;
        this.json = json;
    }

    /**
     * Waits for the next message.
     *
     * @throws EOFException if the peer closed the connection
     * @throws QmpException if the message is not a JSON object
     */
    JsonNode next() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (buffer.hasRemaining()) {
                byte next = buffer.get();
                if (next != '\n') {
                    line.write(next);
                } else if (!line.toString(StandardCharsets.UTF_8).isBlank()) {
                    return parse(line.toString(StandardCharsets.UTF_8));
                }
            }
            if (line.size() > MAX_LINE_BYTES) {
                throw new QmpException(
                        "sent more than %d bytes without a newline".formatted(MAX_LINE_BYTES), false, null);
            }
            buffer.clear();
            int read = channel.read(buffer);
            buffer.flip();
            if (read < 0) {
                throw new EOFException("the connection was closed");
            }
        }
    }

    private JsonNode parse(String line) throws QmpException {
        try {
            JsonNode message = json.readTree(line);
            if (message.isObject()) {
                return message;
            }
        } catch (IOException e) {
            throw new QmpException("sent something that is not QMP: '%s'".formatted(quote(line)), false, e);
        }
        throw new QmpException("sent something that is not QMP: '%s'".formatted(quote(line)), false, null);
    }

    private static String quote(String line) {
        String shown = line.strip().replaceAll("\\p{Cntrl}", "?");
        return shown.length() <= MAX_QUOTE_CHARS ? shown : shown.substring(0, MAX_QUOTE_CHARS) + "…";
    }
}
