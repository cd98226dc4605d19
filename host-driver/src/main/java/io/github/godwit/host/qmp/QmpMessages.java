package io.github.godwit.host.qmp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;

/** Splits what a QMP server sends into messages: one JSON object a line. For one reading thread. */
final class QmpMessages {

    /** Far more than QEMU's longest answer; a peer that sends more without a line end is not QEMU. */
    static final int LONGEST_LINE = 8 << 20;

    private static final int LONGEST_QUOTE = 80;

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
     * @throws EOFException when the peer closed the connection
     * @throws QmpException when it is not a JSON object
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
            if (line.size() > LONGEST_LINE) {
                throw new QmpException("sent over %d bytes without a line end".formatted(LONGEST_LINE), false, null);
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
        return shown.length() <= LONGEST_QUOTE ? shown : shown.substring(0, LONGEST_QUOTE) + "…";
    }
}
